import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { filledSettings } from '../../database/settings.ts';
import type { Settings } from '../../database/types.ts';
import { isAsBadAs } from '../../generator/effects/effect.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { run } from '../../lab/processes/command.ts';
import { FOREIGN_KINDS, FOREIGN_NAMES } from '../cluster/foreign-kinds.ts';
import { until } from '../cluster/controller.ts';
import { ROOT, runnerOf } from '../cli/run.ts';
import type { ControllerProcess, Installation } from '../nodes/installation.ts';
import { SETTINGS, installationOrSkip } from '../nodes/installation.ts';
import { DatabaseUser } from '../nodes/person.ts';
import { REBUILT, nameRebuilt } from '../nodes/rebuilt.ts';
import { cluster, clusterOrSkip } from '../nodes/suite.ts';
import { orSkip } from '../or-skip.ts';
import type { EarlierCheckout } from './earlier-build.ts';
import { checkOut, statusFields } from './earlier-build.ts';
import { flickeredSince, incarnations, restartedSince } from './incarnations.ts';
import type { RenderedObject } from './rendered-folder.ts';
import { RenderedFolder } from './rendered-folder.ts';
import { standstill } from './standstill.ts';
import type { StatusWrite } from './status-writes.ts';
import { StatusWrites } from './status-writes.ts';
import { Team } from './team.ts';
import { specsFor } from './upgraded-databases.ts';
import { Webhook } from './webhook.ts';

/** The version to upgrade from: the last commit before the work on GitOps, after which rendered objects got other marks. */
const FROM = process.env['BALLAST_UPGRADE_FROM'] || 'e0aaf55d';
const OVERLAY = 'controller-gitops';
const NAMESPACE = 'upgraded';
/** So many Databases start at the same time. */
const BATCH = 5;
const IDLE_MS = 60_000;
/** Without a write for so long, everything is done. */
const QUIET_MS = 20_000;
const QUIET_LIMIT_MS = 600_000;
const STEADY_MS = 30_000;

/** What the next version's pull request changes in ballast.yaml, too: it names another image for an exact version. */
const nextSettings = (version: string): Settings =>
  filledSettings({ images: { postgresql: { ...SETTINGS.images?.postgresql, [version]: REBUILT } } });

describe('an upgrade of Ballast, between two builds of it and with 20 Databases @long', function () {
  this.timeout('30m');
  const ends: (() => Promise<void> | void)[] = [];
  const users = Object.keys(specsFor('')).map((name) => new DatabaseUser(cluster, NAMESPACE, name));
  const [user] = users as [DatabaseUser];
  let checkout: EarlierCheckout;
  let installed: Installation;
  let controller: ControllerProcess;
  let webhook: Webhook;
  let writes: StatusWrites;
  let repository: Repository;
  let rendered: RenderedFolder;
  /** What the earlier version rendered. */
  let held: RenderedObject[];
  /** The version that the image has, such as 15.14. */
  let exact = '';
  /** The Databases whose members the pull request says restart. */
  let listed: string[] = [];

  const teamOf = (root: string, settings = SETTINGS): Team =>
    new Team(repository, settings, runnerOf(join(root, 'dist/ballast.mjs')));
  const tell = (what: string): void => {
    process.stdout.write(`        ${what}\n`);
  };

  async function untilSettled(): Promise<void> {
    for (const one of users) await one.untilSettled();
  }

  /** Waits until no status was written for a while, and gives the writes until then. */
  async function untilQuiet(): Promise<StatusWrite[]> {
    const all: StatusWrite[] = [];
    const end = performance.now() + QUIET_LIMIT_MS;
    for (;;) {
      await sleep(QUIET_MS);
      const some = writes.take();
      if (some.length === 0) return all;
      all.push(...some);
      if (performance.now() > end) throw new Error(`statuses change all the time: ${JSON.stringify(some)}`);
    }
  }

  /** Starts the next version's controller, and waits until it has looked at every Database and has nothing to do. */
  async function lookAtAll(): Promise<void> {
    controller = await installed.startController(nextSettings(exact));
    const figure = (text: string, name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    const isIdle = async (): Promise<boolean> => {
      const text = await controller.metrics();
      const waiting = figure(text, 'ballast_queue_depth') + figure(text, 'ballast_queue_running');
      return figure(text, 'ballast_reconcile_duration_seconds_count') >= users.length && waiting === 0;
    };
    await until(isIdle, Boolean, IDLE_MS);
  }

  /** Takes away what a later version of the installation has brought to this cluster. */
  async function removePolicies(): Promise<void> {
    const kinds = 'validatingadmissionpolicybindings,validatingadmissionpolicies';
    const all = (await run([cluster.kubectl, 'get', kinds, '--output=name'])).split('\n');
    const ours = all.filter((name) => name.includes('/ballast'));
    if (ours.length > 0) await run([cluster.kubectl, 'delete', ...ours]);
  }

  before(async function () {
    checkout = await orSkip(this, () => checkOut(FROM));
    ends.push(checkout.remove);
    await clusterOrSkip(this);
    await removePolicies();
    installed = await installationOrSkip(this, [], { root: checkout.root, overlay: OVERLAY });
    ends.push(() => user.end());
    await user.begin();
    await nameRebuilt();
    const kinds = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: FOREIGN_KINDS });
    await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input: kinds });
    await user.kubectl.run(['wait', '--for=condition=Established', ...FOREIGN_NAMES]);
    controller = await installed.startController();
    ends.push(() => controller.stop());
    webhook = new Webhook(cluster, checkout.root);
    ends.push(() => webhook.end());
    await webhook.start();
    repository = await Repository.make(join(cluster.control.folder, 'git', NAMESPACE));
    rendered = new RenderedFolder(cluster, join(repository.clone, 'rendered', NAMESPACE));
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('begins with Databases that the earlier version rendered and looks after', async () => {
    const team = teamOf(checkout.root);
    for (let next = 0; next < users.length; next += BATCH) {
      const batch = users.slice(next, next + BATCH);
      for (const one of batch) team.write(one.written({ replicas: 1, ...specsFor(exact)[one.name] }));
      await team.push(`Rendered by ${FROM}`);
      await rendered.apply(batch.map(({ name }) => name));
      for (const one of batch) await one.untilSettled();
      tell(`${next + batch.length} of ${users.length} Databases are ready`);
      // The first ones ask for none.
      exact ||= (await user.onPrimary('SHOW server_version')).split(' ')[0] ?? '';
    }
    held = rendered.objects();
    writes = new StatusWrites(cluster, NAMESPACE);
    ends.push(() => writes.stop());
    await until(
      () => Promise.resolve(writes.followed),
      (count) => count === users.length,
    );
    await untilQuiet();
  });

  it('restarts nothing, and writes no status but for fields that are new', async () => {
    const added = statusFields(ROOT).filter((field) => !statusFields(checkout.root).includes(field));
    const before = await incarnations(user.kubectl);
    await controller.stop();
    installed = await installed.upgrade({ root: ROOT, overlay: OVERLAY });
    await webhook.stop();
    webhook = new Webhook(cluster);
    await webhook.start();
    await lookAtAll();
    // A second time.
    await controller.stop();
    await lookAtAll();
    const all = await untilQuiet();
    const after = await incarnations(user.kubectl);
    const [restarted, flickered] = [restartedSince(before, after), flickeredSince(before, after)];
    const written = all.filter(({ name }) => !flickered.has(name));
    tell(`${restarted.length} of ${before.length} pods restarted`);
    tell(`${written.length} writes to ${users.length - flickered.size} statuses, new fields: ${added.join(', ')}`);
    tell(`left out, because probes of its pods timed out meanwhile: ${[...flickered].join(', ') || '(none)'}`);
    expect(restarted.map(({ pod }) => pod)).to.deep.equal([]);
    expect(written.filter(({ changed }) => changed.some((path) => !added.includes(path)))).to.deep.equal([]);
    const names = written.map(({ name }) => name);
    expect(names, 'more than one write to a status').to.deep.equal([...new Set(names)]);
  });

  it('tells in its pull request which members restart', async () => {
    const team = teamOf(ROOT, nextSettings(exact));
    await team.render('--no-cache');
    const { objects } = await team.diff();
    listed = objects.filter(({ level }) => isAsBadAs(level, 'restart')).map(({ name }) => name);
    for (const { name, level, effects } of objects) {
      if (listed.includes(name)) tell(`${name}: ${level}: ${effects.map(({ text }) => text).join('; ')}`);
    }
    tell(`${objects.length} rendered files change, the members of ${listed.length} Databases restart`);
    expect(listed).to.not.be.empty.and.not.have.lengthOf(users.length);
  });

  it('restarts exactly these members when it is merged', async () => {
    const before = await incarnations(user.kubectl);
    await repository.push('Rendered by the next version');
    await rendered.apply(users.map(({ name }) => name));
    tell(`pruned: ${(await rendered.prune(held)).join(', ') || '(nothing)'}`);
    await untilSettled();
    await untilQuiet();
    await untilSettled();
    const members = before.filter(({ isMember }) => isMember);
    const restarted = restartedSince(members, await incarnations(user.kubectl)).map(({ pod }) => pod);
    const expected = members.filter(({ database }) => listed.includes(database)).map(({ pod }) => pod);
    tell(`${restarted.length} of ${members.length} members restarted: ${restarted.join(', ')}`);
    expect(restarted).to.deep.equal(expected);
  });

  it('stands still afterwards', async () => {
    const { seconds, written } = await standstill(
      { kubectl: cluster.kubectl, namespace: NAMESPACE },
      () => Promise.resolve(''),
      STEADY_MS,
    );
    const statuses = writes.take();
    tell(`${seconds} s: ${written.length} writes to rendered objects, ${statuses.length} to statuses`);
    expect({ written, statuses }).to.deep.equal({ written: [], statuses: [] });
  });
});
