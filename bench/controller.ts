import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { ROTATE } from '../database/vocabulary.ts';
import type { Connection } from '../kubernetes/connect.ts';
import { connect } from '../kubernetes/connect.ts';
import { RESOURCES } from '../controller/resources.ts';
import type { ControlPlane } from '../lab/api-server/control-plane.ts';
import { controlPlane, stopControlPlane } from '../lab/api-server/control-plane.ts';
import { SYSTEM, installController } from '../test/cluster/controller.ts';
import type { Calls } from './audit.ts';
import { Audit } from './audit.ts';
import type { Controller } from './controller-process.ts';
import { nodeSettings, startController } from './controller-process.ts';
import type { Credentials } from './databases.ts';
import { AS_TEXT } from './copies.ts';
import { credentials, forAll, makeDatabases } from './databases.ts';
import { leadingTo, standIn } from './member.ts';
import type { Measured } from './controller-table.ts';
import { tableOf } from './controller-table.ts';
import { which } from './which.ts';
import { delays, untilAllAreWell } from './status.ts';

const GIVEN = process.argv.slice(2).map(Number);
const SIZES = GIVEN.length > 0 ? GIVEN : [100, 1000, 5000];
const REST_MS = 60_000;
/** Time limit for all sizes together; the remaining ones are skipped. */
const LIMIT_MS = 25 * 60_000;
const PROGRESS_MS = 30_000;
const ACCOUNT = `system:serviceaccount:${SYSTEM}:ballast-controller`;

const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
const say = (text: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
};

/** Makes every Database due, and has it checked again, through an annotation that asks for nothing; returns the cost. */
async function resync(
  api: Connection,
  { databases, controller, audit }: { databases: number; controller: Controller; audit: Audit },
): Promise<Pick<Measured, 'resyncCalls' | 'resyncPasses'>> {
  audit.take();
  const before = await controller.passes();
  await forAll(databases, async (index) => {
    const body = { metadata: { annotations: { [ROTATE]: '' } } };
    await api.patch(RESOURCES.Database, which(index), { type: 'merge', body });
  });
  const resyncCalls = await audit.quiet();
  return { resyncCalls, resyncPasses: (await controller.passes()) - before };
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

interface Stage {
  readonly databases: number;
  readonly api: Connection;
  readonly audit: Audit;
  readonly start: () => Promise<Controller>;
}

type First = Pick<Measured, 'firstSeconds' | 'firstCalls' | 'firstCpu' | 'firstMemory'>;

/** The first controller of these Databases. */
async function first({ databases, api, audit, start }: Stage): Promise<First> {
  let controller: Controller | undefined;
  const all = await untilAllAreWell(api, databases, async () => {
    controller = await start();
  });
  const timer = setInterval(() => {
    say(`${all.count()} of ${databases} have their first full status`);
  }, PROGRESS_MS);
  const firstSeconds = await all.seconds.finally(() => {
    clearInterval(timer);
  });
  if (!controller) throw new Error('no controller was started');
  const firstCalls = await audit.quiet();
  const [firstCpu, firstMemory] = [controller.cpu(), controller.memory()];
  await controller.end();
  return { firstSeconds, firstCalls, firstCpu, firstMemory };
}

async function measure(stage: Stage): Promise<Measured> {
  const { databases, api, audit, start } = stage;
  const begun = await first(stage);
  say(`first status after ${begun.firstSeconds.toFixed(1)} s; ${told(begun.firstCalls)}`);
  audit.take();
  const controller = await start();
  const startCalls = await audit.quiet();
  say(`again: ${told(startCalls)}`);
  await sleep(REST_MS);
  const { now: atRest, peak } = controller.memory();
  say(`at rest ${atRest.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
  const resynced = await resync(api, { databases, controller, audit });
  say(`resync: ${resynced.resyncPasses} passes; ${told(resynced.resyncCalls)}`);
  const sorted = await delays(api, databases);
  const afterEvents = controller.memory();
  await controller.end();
  const times = { p50: at(sorted, 0.5), p99: at(sorted, 0.99) };
  return { databases, ...begun, startCalls, ...resynced, atRest, afterEvents, ...times };
}

function told({ byKind, peak }: Calls): string {
  const parts = [...byKind].map(([kind, count]) => `${count} ${kind}`);
  return `${parts.join(', ') || 'no calls'} (at most ${peak} a second)`;
}

/** Measures one size, on a control plane of its own. */
async function stage(databases: number, shared: Credentials, port: number): Promise<Measured> {
  const audit = new Audit(mkdtempSync(join(folder, 'stage-')), ACCOUNT);
  const plane = await controlPlane([...audit.arguments, AS_TEXT]);
  try {
    await installController(plane, 'controller');
    const api = connect(plane.admin.config, { timeoutMs: 60_000 });
    say(`making ${databases} Databases with what belongs to them`);
    await makeDatabases(api, plane.etcd, databases, shared);
    const config = await ownConfig(plane);
    const start = (): Promise<Controller> => startController({ config, folder, before: leadingTo(port) });
    say('measuring');
    const measured = await measure({ databases, api, audit, start });
    api.close();
    return measured;
  } catch (error) {
    // The failure may only be a consequence of the control plane's.
    throw new Error(plane.failure() ?? `with ${databases} Databases it failed`, { cause: error });
  } finally {
    await stopControlPlane();
  }
}

/** The kubeconfig of the controller's own account, which trusts one authority, as in a pod. */
async function ownConfig({ admin, certificate }: ControlPlane): Promise<string> {
  interface Config {
    readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  }
  const { config } = await admin.as(SYSTEM, 'ballast-controller');
  const kubeconfig = JSON.parse(readFileSync(config, 'utf8')) as Config;
  const authority = { 'certificate-authority-data': Buffer.from(certificate).toString('base64') };
  const clusters = kubeconfig.clusters.map(({ name, cluster: { server } }) => ({
    name,
    cluster: { server, ...authority },
  }));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify({ ...kubeconfig, clusters }), { mode: 0o600 });
  return file;
}

/** Measures one size after the other until the time is up; returns the completed ones. */
async function measureAll(): Promise<Measured[]> {
  const shared = await credentials();
  const member = await standIn(shared);
  const isUp = new AbortController();
  const timeUp = sleep(LIMIT_MS, 'time up' as const, { signal: isUp.signal });
  timeUp.catch(() => undefined);
  const all: Measured[] = [];
  try {
    for (const size of SIZES) {
      const measured = await Promise.race([stage(size, shared, member.port), timeUp]);
      if (measured === 'time up') throw new Error(`${LIMIT_MS / 60_000} minutes are over: ${size} were not measured`);
      all.push(measured);
    }
  } catch (error) {
    process.exitCode = 1;
    say(inspect(error));
  }
  isUp.abort();
  await member.close();
  return all;
}

const { options, env } = nodeSettings();
say(`node ${options.join(' ')} with ${JSON.stringify(env)}`);
const all = await measureAll();
await stopControlPlane();
rmSync(folder, { recursive: true, force: true });
if (all.length > 0) process.stdout.write(tableOf(all));
// An abandoned size still waits for events that never come.
process.exit();
