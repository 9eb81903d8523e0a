import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../controller/kubernetes/connect.ts';
import { connect } from '../controller/kubernetes/connect.ts';
import { RESOURCES } from '../controller/kubernetes/resources.ts';
import { controlPlane, stopControlPlane } from '../test/cluster/control-plane.ts';
import { SYSTEM, installController } from '../test/cluster/controller.ts';
import type { Calls } from './audit.ts';
import { Audit } from './audit.ts';
import type { Controller, Memory } from './controller-process.ts';
import { nodeOptions, startController } from './controller-process.ts';
import type { Credentials } from './databases.ts';
import { credentials, forAll, makeDatabases, which } from './databases.ts';
import { leadingTo, standIn } from './member.ts';
import { delays, untilAllAreWell } from './status.ts';

const GIVEN = process.argv.slice(2).map(Number);
const SIZES = GIVEN.length > 0 ? GIVEN : [100, 1000, 5000];
const REST_MS = 60_000;
const ACCOUNT = `system:serviceaccount:${SYSTEM}:ballast-controller`;

const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
const say = (text: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
};

/** What was measured with so many Databases. */
interface Measured {
  readonly databases: number;
  readonly firstSeconds: number;
  readonly firstCalls: Calls;
  readonly firstCpu: number;
  readonly firstMemory: Memory;
  /** Of a start where nothing is to do. */
  readonly startCalls: Calls;
  readonly resyncCalls: Calls;
  readonly resyncPasses: number;
  readonly atRest: number;
  readonly afterEvents: Memory;
  readonly p50: number;
  readonly p99: number;
}

/** Has every Database looked at, by an annotation that means nothing; gives what that took. */
async function resync(
  api: Connection,
  { databases, controller, audit }: { databases: number; controller: Controller; audit: Audit },
): Promise<Pick<Measured, 'resyncCalls' | 'resyncPasses'>> {
  audit.take();
  const before = await controller.passes();
  await forAll(databases, async (index) => {
    const body = { metadata: { annotations: { 'db.example.com/bench': 'looked at' } } };
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

/** The first controller that these Databases ever see. */
async function first({ databases, api, audit, start }: Stage): Promise<First> {
  let controller: Controller | undefined;
  const firstSeconds = await untilAllAreWell(api, databases, async () => {
    controller = await start();
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

/** One size, on a control plane of its own. */
async function stage(databases: number, shared: Credentials, port: number): Promise<Measured> {
  const audit = new Audit(mkdtempSync(join(folder, 'stage-')), ACCOUNT);
  const plane = await controlPlane(audit.arguments);
  try {
    await installController(plane, 'controller');
    const api = connect(plane.admin.config, { timeoutMs: 60_000 });
    say(`making ${databases} Databases with what belongs to them`);
    await makeDatabases(api, databases, shared);
    const { config } = await plane.admin.as(SYSTEM, 'ballast-controller');
    const start = (): Promise<Controller> => startController({ config, folder, before: leadingTo(port) });
    say('measuring');
    const measured = await measure({ databases, api, audit, start });
    api.close();
    return measured;
  } finally {
    await stopControlPlane();
  }
}

interface Row {
  readonly what: string;
  readonly cell: (measured: Measured) => string;
  readonly goal?: string;
  readonly met?: (all: readonly Measured[]) => boolean;
}

const MOST_MB = 200;
const MOST_MS = 500;
/** How much more memory a Database may take when there are many than when there are few. */
const LINEAR = 1.2;

/** Kilobytes a Database beyond the smallest size. */
function slope(all: readonly Measured[], one: Measured): number {
  const [least = one] = all;
  return ((one.atRest - least.atRest) * 1000) / (one.databases - least.databases);
}

function rowsOf(all: readonly Measured[]): readonly Row[] {
  const each = (value: (measured: Measured) => number, most: number) => (): boolean =>
    all.every((one) => value(one) < most);
  const slopes = all.slice(1).map((one) => slope(all, one));
  const perDatabase = (calls: number, { databases }: Measured): string => (calls / databases).toFixed(1);
  return [
    { what: 'first full status of all', cell: ({ firstSeconds }) => `${firstSeconds.toFixed(1)} s` },
    { what: '… processor time for it', cell: ({ firstCpu }) => `${firstCpu.toFixed(1)} s` },
    { what: '… calls a Database', cell: (one) => perDatabase(one.firstCalls.sum, one) },
    { what: '… most calls in a second', cell: ({ firstCalls: { peak } }) => String(peak) },
    { what: '… resident memory, peak', cell: ({ firstMemory: { peak } }) => `${peak.toFixed(0)} MB` },
    { what: 'start with nothing to do: calls', cell: ({ startCalls: { sum } }) => String(sum) },
    {
      what: '… of these, writes',
      cell: ({ startCalls: { writes } }) => String(writes),
      ...{ goal: '0', met: each(({ startCalls: { writes } }) => writes, 1) },
    },
    {
      what: 'resident memory a minute later',
      cell: ({ atRest }) => `${atRest.toFixed(0)} MB`,
      ...{ goal: `under ${MOST_MB} MB`, met: each(({ atRest }) => atRest, MOST_MB) },
    },
    {
      what: '… a Database, beyond the smallest size',
      cell: (one) => (one === all[0] ? '' : `${slope(all, one).toFixed(1)} kB`),
      ...{ goal: 'as much with many', met: () => Math.max(...slopes) <= LINEAR * (slopes[0] ?? NaN) },
    },
    {
      what: '… after all events, and the peak',
      cell: ({ afterEvents: { now, peak } }) => `${now.toFixed(0)}, ${peak.toFixed(0)} MB`,
      ...{ goal: `under ${MOST_MB} MB`, met: each(({ afterEvents: { peak } }) => peak, MOST_MB) },
    },
    { what: 'all looked at again: passes', cell: ({ resyncPasses }) => String(resyncPasses) },
    {
      what: '… calls',
      cell: ({ resyncCalls: { sum } }) => String(sum),
      ...{ goal: '0', met: each(({ resyncCalls: { sum } }) => sum, 1) },
    },
    { what: 'from a pod to the status, p50', cell: ({ p50 }) => `${p50.toFixed(0)} ms` },
    {
      what: '… p99',
      cell: ({ p99 }) => `${p99.toFixed(0)} ms`,
      ...{ goal: `under ${MOST_MS} ms`, met: each(({ p99 }) => p99, MOST_MS) },
    },
  ];
}

function table(all: readonly Measured[]): string {
  const head = ['what', ...all.map(({ databases }) => databases.toLocaleString('en')), 'goal', 'met'];
  const lines = rowsOf(all).map(({ what, cell, goal = '', met }) => {
    const verdict = met ? (met(all) ? 'yes' : 'NO') : '';
    return [what, ...all.map(cell), goal, verdict];
  });
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const shared = await credentials();
const member = await standIn(shared);
try {
  say(`NODE_OPTIONS: ${nodeOptions()}`);
  const all: Measured[] = [];
  for (const size of SIZES) all.push(await stage(size, shared, member.port));
  process.stdout.write(table(all));
} finally {
  await stopControlPlane();
  await member.close();
  rmSync(folder, { recursive: true, force: true });
}
