import type { Calls } from './audit.ts';
import type { Memory } from './controller-process.ts';

/** The measurements for one number of Databases. */
export interface Measured {
  readonly databases: number;
  readonly firstSeconds: number;
  readonly firstCalls: Calls;
  readonly firstCpu: number;
  readonly firstMemory: Memory;
  /** The calls of a start without work to do. */
  readonly startCalls: Calls;
  readonly resyncCalls: Calls;
  readonly resyncPasses: number;
  readonly atRest: number;
  readonly afterEvents: Memory;
  readonly p50: number;
  readonly p99: number;
}

interface Row {
  readonly what: string;
  readonly cell: (measured: Measured) => string;
  readonly goal?: string;
  readonly met?: (all: readonly Measured[]) => boolean;
}

const MOST_MB = 200;
const MOST_MS = 500;
/** How much more memory per Database may be needed for many Databases than for few. */
const LINEAR = 1.2;

/** Kilobytes per Database beyond the smallest size. */
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
      goal: 'as much with many',
      ...(slopes.length > 1 && { met: () => Math.max(...slopes) <= LINEAR * (slopes[0] ?? NaN) }),
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

/** The table that the bench prints: a column a size. */
export function tableOf(all: readonly Measured[]): string {
  const head = ['what', ...all.map(({ databases }) => databases.toLocaleString('en')), 'goal', 'met'];
  const lines = rowsOf(all).map(({ what, cell, goal = '', met }) => {
    const verdict = met ? (met(all) ? 'yes' : 'NO') : '';
    return [what, ...all.map(cell), goal, verdict];
  });
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
