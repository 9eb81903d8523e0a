import { median } from './spread.ts';
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, LoadOptions } from './load.ts';
import { ask, load } from './load.ts';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 5;
const ROUND_MS = 2000;
const REVIEWS = 100_000;
const PORTS = { floor: 18_443, webhook: 18_444, start: 18_445 };
const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));

function selfSigned(): void {
  const files = ['-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')];
  const kind = ['-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=bench'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files], { stdio: 'ignore' });
}

/** A review as the API server sends one for a Database of ordinary size, changed by kubectl. */
function review(index: number): string {
  const metadata = {
    name: `orders-${index}`,
    namespace: 'shop',
    uid: '7f3c2a52-8a0f-4f37-9f0f-5a6f2c1f4e11',
    generation: 2,
    creationTimestamp: '2026-11-21T00:00:00Z',
    labels: { team: 'checkout' },
    managedFields: [
      { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:version': {}, 'f:size': {} } } },
    ],
  };
  const backup = { enabled: true, schedule: '15 2 * * *', timeZone: 'Europe/Berlin', destination: 's3://acme/orders' };
  const spec = {
    engine: 'postgresql',
    version: '17',
    size: 'large',
    storage: { size: '100Gi', storageClassName: 'fast' },
    parameters: { max_connections: '300', work_mem: '16MB' },
    backup: { ...backup, retention: { days: 14, count: 5 } },
    deletionPolicy: 'Retain',
  };
  const object = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec };
  // Every tenth change is refused.
  const size = index % 10 === 0 ? '50Gi' : `${100 + index}Gi`;
  const changed = { ...object, spec: { ...spec, storage: { ...spec.storage, size } } };
  const kind = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
  const names = { name: metadata.name, namespace: 'shop', operation: 'UPDATE' };
  const request = {
    uid: `00000000-0000-1000-8000-00000000000${index % 10}`,
    kind,
    ...names,
    object: changed,
    oldObject: object,
  };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}

const BODIES = Array.from({ length: 50 }, (_, index) => review(index));
const ASKED = { path: '/validate', bodies: BODIES, ms: ROUND_MS };

/** As in kustomize/base/webhook.yaml. */
const NODE_OPTIONS = '--max-semi-space-size=4';

function start(args: readonly string[]): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS };
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

const metricsPort = (port: number): number => port + 1000;

const webhook = (port: number): ChildProcess =>
  start([
    join(ROOT, 'dist/ballast.mjs'),
    ...['webhook', '--host', '127.0.0.1', '--port', String(port), '--drain', '0'],
    ...['--metrics-address', `127.0.0.1:${metricsPort(port)}`, '--certificates', folder, '--log-level', 'error'],
  ]);

async function firstAnswer(port: number): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask(port, '/validate', BODIES[1] ?? '').catch(() => undefined);
    if (answer !== undefined) return performance.now() - begun;
    if (performance.now() - begun > 10_000) throw new Error('the server did not start');
    await sleep(2);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

async function startTime(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = webhook(PORTS.start);
    times.push(await firstAnswer(PORTS.start));
    await end(child);
  }
  return median(times);
}

/** Resident memory of a process in MB (10^6 bytes). */
function residentMemory({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

type Way = Pick<LoadOptions, 'connections' | 'client'>;

/** Loads both servers in turn, so that a disturbance affects both. */
async function compare(way: Way): Promise<{ floor: Load; webhook: Load }> {
  const rounds: { floor: Load; webhook: Load }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const floor = await load(PORTS.floor, { ...ASKED, ...way });
    rounds.push({ floor, webhook: await load(PORTS.webhook, { ...ASKED, ...way }) });
  }
  const middle = (name: 'floor' | 'webhook'): Load => ({
    throughput: median(rounds.map((one) => one[name].throughput)),
    p99: median(rounds.map((one) => one[name].p99)),
  });
  return { floor: middle('floor'), webhook: middle('webhook') };
}

function row(what: string, measured: string, goal: string, met: boolean): string {
  return `| ${what} | ${measured} | ${goal} | ${met ? 'yes' : 'NO'} |\n`;
}

async function rowsFor(way: Way): Promise<string> {
  const { floor, webhook: own } = await compare(way);
  const share = own.throughput / floor.throughput;
  const slower = own.p99 / floor.p99;
  const at = `${way.connections} connection${way.connections === 1 ? '' : 's'}, ${way.client} client`;
  const told = `${(share * 100).toFixed(0)} % (${own.throughput.toFixed(0)} of ${floor.throughput.toFixed(0)} a second)`;
  return (
    row(`throughput against the floor, ${at}`, told, 'at least 60 %', share >= 0.6) +
    row(`p99 against the floor, ${at}`, `${slower.toFixed(2)} × (${own.p99.toFixed(2)} ms)`, 'within 2 ×', slower <= 2)
  );
}

/** Bodies with the maximum cost. */
function heavyBodies(): string[] {
  const fields = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, i]));
  const [first = ''] = BODIES;
  const laid = (over: object): string => first.replace('"engine":', `${JSON.stringify(over).slice(1, -1)},"engine":`);
  return [laid(fields(2000)), laid(fields(100_000)), laid({ x: 'y'.repeat(3_000_000) }), 'x'.repeat(8_000_000)];
}

/** The longest block of the server's event loop since the last call, in milliseconds, from its own metric. */
async function longestStall(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort(port)}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1000;
}

async function stallRow(): Promise<string> {
  await longestStall(PORTS.webhook);
  for (const body of heavyBodies()) await ask(PORTS.webhook, '/validate', body);
  const stall = await longestStall(PORTS.webhook);
  return row('longest stall under hostile bodies', `${stall.toFixed(0)} ms`, 'under 50 ms', stall < 50);
}

async function memoryRow(child: ChildProcess): Promise<string> {
  const measured: number[] = [];
  for (let done = 0; done < REVIEWS;) {
    const { throughput } = await load(PORTS.webhook, { ...ASKED, connections: 16, client: 'raw' });
    done += (throughput * ROUND_MS) / 1000;
    measured.push(residentMemory(child));
  }
  const [first = NaN, last = NaN] = [measured[1], measured.at(-1)];
  const told = `${last.toFixed(0)} MB (${first.toFixed(0)} MB after the first rounds)`;
  return row(`memory after ${REVIEWS} reviews`, told, 'under 120 MB, flat', last < 120 && last < first * 1.1);
}

async function report(): Promise<string> {
  selfSigned();
  const first = await startTime();
  const floor = start([join(import.meta.dirname, 'floor.ts'), folder, String(PORTS.floor)]);
  const own = webhook(PORTS.webhook);
  try {
    await Promise.all([firstAnswer(PORTS.floor), firstAnswer(PORTS.webhook)]);
    return [
      '| what | measured | goal | met |\n| --- | --- | --- | --- |\n',
      await rowsFor({ connections: 1, client: 'ordinary' }),
      await rowsFor({ connections: 16, client: 'ordinary' }),
      await rowsFor({ connections: 1, client: 'raw' }),
      await rowsFor({ connections: 16, client: 'raw' }),
      row('process start to first verdict', `${first.toFixed(0)} ms`, 'under 200 ms', first < 200),
      await memoryRow(own),
      await stallRow(),
    ].join('');
  } finally {
    await end(floor);
    await end(own);
  }
}

try {
  process.stdout.write(await report());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
