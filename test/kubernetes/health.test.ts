import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { HealthServer } from '../../kubernetes/health.ts';
import { serveHealth, stale } from '../../kubernetes/health.ts';
import { Metrics } from '../../kubernetes/metrics.ts';

/** The value of one line of metrics. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('Metrics', () => {
  it('tell of what the controller does', async () => {
    const metrics = new Metrics();
    metrics.reconciled(0.2, 'done');
    metrics.reconciled(0.4, 'failed');
    metrics.failedOver('shop', 'orders');
    metrics.setUp('shop', 'orders', true);
    metrics.setUp('shop', 'users', false);
    metrics.setBackup('shop', 'orders', { isHealthy: false, verifiedAt: 1_700_000_000 });
    metrics.setBackup('shop', 'users', { isHealthy: true, verifiedAt: 1 });
    metrics.setBackup('shop', 'users', {});
    metrics.listed('pods');
    metrics.watchEnded('pods', 'expired');
    metrics.eventDropped();
    const { text } = await metrics.text();
    const values = [
      'ballast_reconcile_duration_seconds_count',
      'ballast_reconcile_errors_total',
      'database_failover_total{namespace="shop",name="orders"}',
      'database_up{namespace="shop",name="orders"}',
      'database_up{namespace="shop",name="users"}',
      'ballast_database_backup_healthy{namespace="shop",name="orders"}',
      'ballast_database_backup_verified_timestamp_seconds{namespace="shop",name="orders"}',
      'ballast_database_backup_healthy{namespace="shop",name="users"}',
      'ballast_watch_lists_total{resource="pods"}',
      'ballast_watch_ends_total{resource="pods",cause="expired"}',
      'ballast_events_dropped_total',
    ].map((series) => valueOf(text, series));
    expect(values).eql([2, 1, 1, 1, 0, 0, 1_700_000_000, undefined, 1, 1, 1]);
  });

  it('ask queue, election and watches at the moment at which they are asked', async () => {
    const metrics = new Metrics();
    const figures = { depth: 3, oldestWaitSeconds: 1.5, running: 2, retries: 7 };
    const watched = { seconds: 4, size: 9 };
    metrics.showQueue({ figures: () => figures });
    metrics.showLeader({ leads: () => true });
    metrics.showWatch('pods', { staleness: () => watched.seconds, store: watched });
    metrics.showWatch('pods', { staleness: () => 2, store: { size: 1 } });
    const names = ['queue_depth', 'queue_oldest_wait_seconds', 'queue_running', 'queue_retries_total', 'leader'];
    const series = [
      ...names.map((name) => `ballast_${name}`),
      'ballast_watch_staleness_seconds{resource="pods"}',
      'ballast_watch_objects{resource="pods"}',
    ];
    const values = async (): Promise<unknown[]> => {
      const { text } = await metrics.text();
      return series.map((one) => valueOf(text, one));
    };
    expect(await values()).eql([3, 1.5, 2, 7, 1, 4, 10]);
    Object.assign(figures, { retries: 8, depth: 0 });
    watched.seconds = 5;
    expect(await values()).eql([0, 1.5, 2, 8, 1, 5, 10]);
  });

  it('forget a Database that is gone', async () => {
    const metrics = new Metrics();
    metrics.failedOver('shop', 'orders');
    metrics.setUp('shop', 'orders', true);
    metrics.setBackup('shop', 'orders', { isHealthy: true, verifiedAt: 1 });
    metrics.forget('shop', 'orders');
    expect((await metrics.text()).text).not.contain('orders');
  });
});

describe('Probes', () => {
  const state: { dead?: string; unready?: string; isBroken?: boolean } = {};
  const metrics = new Metrics();
  const logged: string[] = [];
  let server: HealthServer;

  before(async () => {
    server = await serveHealth({
      host: '127.0.0.1',
      port: 0,
      metrics,
      log: { info: () => undefined, warn: () => undefined, error: (_, text) => logged.push(text) },
      live: () => {
        if (state.isBroken) throw new TypeError('a bug');
        return state.dead;
      },
      ready: () => state.unready,
    });
  });

  after(() => server.close());

  async function ask(path: string, method = 'GET'): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return `${response.status} ${(await response.text()).slice(0, 60)}`;
  }

  it('are answered with what is wrong', async () => {
    expect([await ask('/healthz'), await ask('/readyz?verbose')]).eql(['200 ok\n', '200 ok\n']);
    state.dead = 'nothing was heard';
    state.unready = 'not synced';
    expect([await ask('/healthz'), await ask('/readyz')]).eql(['503 nothing was heard\n', '503 not synced\n']);
  });

  it('stand beside the metrics and nothing else', async () => {
    expect(await ask('/metrics')).match(/^200 # HELP ballast_/);
    expect(await ask('/')).match(/^404/);
    expect(await ask('/metrics', 'POST')).match(/^405/);
  });

  it('are answered when what they ask for fails, and the next is as before', async () => {
    metrics.showQueue({
      figures: () => {
        throw new TypeError('a bug');
      },
    });
    state.isBroken = true;
    expect(await ask('/metrics')).equal('500 it could not be worked out; the log says why\n');
    expect(await ask('/healthz')).match(/^500/);
    state.isBroken = false;
    expect(await ask('/healthz')).equal('503 nothing was heard\n');
    expect(logged).eql(['a page could not be made', 'a page could not be made']);
  });

  it('are answered while one client holds more connections than there may be', async () => {
    const sockets = Array.from({ length: 100 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
    expect(await ask('/healthz')).match(/^503 nothing was heard/);
    for (const socket of sockets) socket.destroy();
  });

  for (const { name, seconds, problem } of [
    { name: 'all watches are fresh', seconds: [1, 599], problem: undefined },
    { name: 'one is stale', seconds: [1, 601], problem: 'nothing was heard for 600 s about: services' },
    {
      name: 'none was ever synced',
      seconds: [Infinity, Infinity],
      problem: 'nothing was heard for 600 s about: pods, services',
    },
  ]) {
    it(`are ${problem === undefined ? '' : 'not '}passed when ${name}`, () => {
      const [pods, services] = seconds.map((one) => ({ staleness: () => one }));
      expect(stale({ pods: pods!, services: services! }, 600)).equal(problem);
    });
  }
});
