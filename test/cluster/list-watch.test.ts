import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { expect } from 'chai';
import { systemClock } from '../../kubernetes/clock.ts';
import type { Connection } from '../../kubernetes/connect.ts';
import { connect, connectWith } from '../../kubernetes/connect.ts';
import { EventRecorder } from '../../kubernetes/events.ts';
import type { ListWatchOptions } from '../../kubernetes/list-watch.ts';
import { ListWatch } from '../../kubernetes/list-watch.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { API_CASES } from '../kubernetes/api-cases.ts';
import { Counts, Lines } from '../kubernetes/watched-kinds.ts';
import { configMap, merge } from '../kubernetes/sample-objects.ts';
import { STREAM_CASES } from '../kubernetes/stream-cases.ts';
import { installKinds } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import { until } from '../../lab/processes/until.ts';
import { Relay } from './relay.ts';

const NAMESPACE = 'list-watch';
const MANY = 1200;
const MUCH_MS = 60_000;
const { ConfigMap, Database } = RESOURCES;

/** Does something for each number, some at a time. */
async function each(count: number, call: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await call(index);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

describe('The ground of the controller, on a real API server', function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let api: Connection;
  let counts: Counts;
  const stops: (() => void)[] = [];

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    await installKinds(plane);
    api = connect(plane.admin.config);
    await api.create(RESOURCES.Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: NAMESPACE } };
    await api.create(RESOURCES.ServiceAccount, account);
  });

  beforeEach(() => {
    counts = new Counts();
  });

  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  after(() => {
    (api as Connection | undefined)?.close();
  });

  async function follow(given: Partial<ListWatchOptions<string>> = {}): Promise<ListWatch<string>> {
    const watch = new ListWatch<string>({
      ...{ api, clock: systemClock, log: new Lines(), metrics: counts, resource: ConfigMap, namespace: NAMESPACE },
      labelSelector: 'follow=yes',
      project: ({ metadata, ...rest }) => `${metadata.name}=${(rest['data'] as { value?: string }).value ?? ''}`,
      ...given,
    });
    stops.push(() => {
      watch.stop();
    });
    watch.start();
    await watch.synced;
    return watch;
  }

  const followed = (name: string, value = ''): KubernetesObject =>
    configMap(NAMESPACE, name, { value }, { labels: { follow: 'yes' } });

  /** All that is there, read by pages of another size. */
  async function truth(): Promise<string[]> {
    const values: string[] = [];
    let from: string | undefined;
    do {
      const options = { namespace: NAMESPACE, labelSelector: 'follow=yes', limit: 1000 };
      const page = await api.list(ConfigMap, { ...options, ...(from !== undefined && { continue: from }) });
      for (const { metadata, ...rest } of page.items) {
        values.push(`${metadata.name}=${(rest['data'] as { value?: string }).value ?? ''}`);
      }
      from = page.continue;
    } while (from !== undefined);
    return values.sort();
  }

  async function equal(watch: ListWatch<string>): Promise<void> {
    const expected = await truth();
    const isEqual = (): boolean => JSON.stringify([...watch.store.values()].sort()) === JSON.stringify(expected);
    await until(isEqual, MUCH_MS, 'the store does not hold what the API server holds');
  }

  describe('answers as the fake one', () => {
    for (const { name, run } of [...API_CASES, ...STREAM_CASES]) {
      it(name, () => run(api, NAMESPACE));
    }
  });

  it('is listed by pages and followed, with more than a thousand objects', async () => {
    await each(MANY, (index) => api.create(ConfigMap, followed(`many-${index}`)));
    const watch = await follow({ limits: { pageSize: 100 } });
    expect(watch.store.size).equal(MANY);
    await each(MANY, async (index) => {
      const name = { namespace: NAMESPACE, name: `many-${index}` };
      if (index % 3 === 0) {
        const { metadata } = (await api.get(ConfigMap, name))!;
        await api.delete(ConfigMap, name, { uid: metadata.uid!, propagation: 'Background' });
      } else await api.patch(ConfigMap, name, merge({ data: { value: String(index) } }));
    });
    await equal(watch);
    expect(watch.store.size).equal((MANY / 3) * 2);
    expect([counts.lists, counts.ends]).eql([1, []]);
  });

  it('is followed across an interruption of the network', async () => {
    const relay = new Relay(Number(new URL(plane.url).port));
    const port = await relay.start();
    const config = new KubeConfig();
    config.loadFromFile(plane.admin.config);
    config.clusters = config.clusters.map((cluster) => ({ ...cluster, server: `https://127.0.0.1:${port}` }));
    const connection = connectWith(config);
    stops.push(() => {
      relay.stop();
      connection.close();
    });
    const watch = await follow({ api: connection });
    relay.cut();
    await until(() => counts.ends.length > 1, MUCH_MS, 'the watch has not broken');
    await api.create(ConfigMap, followed('meanwhile', 'a'));
    const many = await api.get(ConfigMap, { namespace: NAMESPACE, name: 'many-1' });
    if (many)
      await api.delete(
        ConfigMap,
        { namespace: NAMESPACE, name: 'many-1' },
        { uid: many.metadata.uid!, propagation: 'Background' },
      );
    relay.mend();
    await equal(watch);
    expect(counts.lists, 'no list was needed').equal(1);
    expect(new Set(counts.ends)).eql(new Set(['failed']));
  });

  it('is listed again when it no longer knows the version that a watch starts from', async () => {
    let isFirst = true;
    const old: Connection['watch'] = (resource, options, handlers) => {
      const { resourceVersion } = options;
      const given = { ...options, resourceVersion: isFirst ? '1' : resourceVersion };
      isFirst = false;
      return api.watch(resource, given, handlers);
    };
    const project = ({ metadata }: KubernetesObject): string => metadata.name;
    await follow({ api: { list: api.list.bind(api), watch: old }, resource: Database, project });
    await until(() => counts.lists === 2, MUCH_MS, 'it was not listed anew');
    expect(counts.ends).eql(['expired']);
  });

  it('is asked, not listed, when a kind stays silent', async () => {
    const project = ({ metadata }: KubernetesObject): string => metadata.name;
    const watch = await follow({ resource: RESOURCES.CronJob, project, limits: { idleMs: 1000 } });
    await until(() => counts.ends.length >= 3, MUCH_MS, 'it was not silent for long');
    expect(counts.lists).equal(1);
    expect(new Set(counts.ends)).eql(new Set(['idle']));
    expect(watch.staleness()).below(30);
  });

  it('shows what is recorded in kubectl describe', async () => {
    const spec = { engine: 'postgresql', version: '16', storage: { size: '1Gi' } };
    const object = {
      apiVersion: 'db.example.com/v1alpha1',
      kind: 'Database',
      metadata: { name: 'told', namespace: NAMESPACE },
      spec,
    };
    const { metadata } = await api.create(Database, object);
    const dropped: string[] = [];
    const recorder = new EventRecorder({
      ...{ api, clock: systemClock, log: new Lines(), metrics: { eventDropped: () => dropped.push('') } },
      ...{ controller: 'ballast-controller', instance: 'pod-1' },
    });
    const subject = {
      apiVersion: object.apiVersion,
      kind: 'Database',
      namespace: NAMESPACE,
      name: 'told',
      uid: metadata.uid!,
    };
    const occurrence = {
      type: 'Warning',
      reason: 'FailedOver',
      action: 'Promote',
      note: 'told-1 is primary, not told-0',
    } as const;
    for (let count = 0; count < 3; count += 1) {
      recorder.record(subject, occurrence);
      await recorder.flush();
    }
    expect(dropped).eql([]);
    const text = await plane.admin.succeed(['describe', 'database', 'told', '--namespace', NAMESPACE]);
    expect(text).match(/Warning +FailedOver +\S+ \(x3 over \S+\) +ballast-controller +told-1 is primary, not told-0/);
  });

  describe('gives one Lease', () => {
    const children: ChildProcess[] = [];

    afterEach(() => {
      for (const child of children) child.kill('SIGKILL');
    });

    function candidate(identity: string): { child: ChildProcess; elected: Promise<unknown> } {
      const args = [join(import.meta.dirname, 'elector.ts'), plane.admin.config, NAMESPACE, 'one', identity];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      return { child, elected: once(child.stdout, 'data') };
    }

    it('to one process after another: the first ends in order, the second is killed', async () => {
      const holder = async (): Promise<unknown> =>
        ((await api.get(RESOURCES.Lease, { namespace: NAMESPACE, name: 'one' }))?.['spec'] as Record<string, unknown>)[
          'holderIdentity'
        ];
      const first = candidate('first');
      await first.elected;
      const second = candidate('second');
      await sleep(1500);
      expect(await holder()).equal('first');
      const ended = once(first.child, 'exit');
      first.child.kill('SIGTERM');
      await second.elected;
      expect(await ended).eql([0, null]);
      expect(await holder()).equal('second');
      const third = candidate('third');
      await sleep(1000);
      second.child.kill('SIGKILL');
      await third.elected;
      expect(await holder()).equal('third');
    });
  });
});
