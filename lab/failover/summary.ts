import type { FaultName } from './faults.ts';
import { FAULTS } from './faults.ts';
import type { Measured } from './measure.ts';
import type { FaultResult, Result, StartResult } from './results.ts';
import { median, worst } from './statistics.ts';
import type { VariantName } from './variants.ts';
import { VARIANTS } from './variants.ts';

/** Median and worst of some runs, in seconds; `open` when one of them had not ended. */
export interface Spread {
  readonly median: number;
  readonly worst: number;
  readonly open: boolean;
}

/** The results of all runs of one fault on one variant. */
export interface Summary {
  readonly fault: FaultName;
  readonly variant: VariantName;
  /** Runs that were started, and those with a result. */
  readonly begun: number;
  readonly measured: number;
  readonly fresh: Spread;
  readonly session: Spread;
  /** The longer of both gaps in each run. */
  readonly gap: Spread;
  readonly lost: number;
  readonly lostDirectly: number;
  readonly acknowledging: number;
  readonly primaries: number;
  /** Of the runs in which the members recovered; absent when there was none. */
  readonly whole: Spread | undefined;
  readonly neverWhole: number;
  /** How long the affected primary continued to acknowledge; absent when it never did. */
  readonly victim: Spread | undefined;
  /** Identifier of the run with the longest gap. */
  readonly worstRun: string;
}

function spread(values: readonly number[], open = false): Spread | undefined {
  const [middle, most] = [median(values), worst(values)];
  return middle === undefined || most === undefined ? undefined : { median: middle, worst: most, open };
}

const NONE: Spread = { median: NaN, worst: NaN, open: false };

const longer = ({ gaps }: Measured): number => Math.max(gaps.fresh.seconds, gaps.session.seconds);

type Done = FaultResult & { readonly measured: Measured };

const isDone = (result: FaultResult): result is Done => result.measured !== undefined;

function gaps(done: readonly Measured[], client: 'fresh' | 'session'): Spread {
  const seen = done.map(({ gaps: both }) => both[client]);
  return (
    spread(
      seen.map(({ seconds }) => seconds),
      seen.some(({ open }) => open),
    ) ?? NONE
  );
}

const present = (values: readonly (number | undefined)[]): number[] => values.filter((value) => value !== undefined);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function summaryOf(fault: FaultName, variant: VariantName, runs: readonly FaultResult[]): Summary {
  const done = runs.filter(isDone);
  const all = done.map(({ measured }) => measured);
  const [fresh, session] = [gaps(all, 'fresh'), gaps(all, 'session')];
  const most = (pick: (one: Measured) => number): number => worst(all.map(pick)) ?? 0;
  const slowest = done.toSorted((a, b) => longer(b.measured) - longer(a.measured))[0];
  return {
    ...{ fault, variant, fresh, session, begun: runs.length, measured: done.length, worstRun: slowest?.id ?? '' },
    gap: spread(all.map(longer), fresh.open || session.open) ?? NONE,
    lost: sum(all.map(({ lost }) => lost)),
    lostDirectly: sum(all.map(({ lostDirectly }) => lostDirectly)),
    acknowledging: most(({ acknowledging }) => acknowledging),
    primaries: most(({ primaries }) => primaries),
    whole: spread(present(all.map(({ wholeAfter }) => wholeAfter))),
    neverWhole: all.filter(({ wholeAfter }) => wholeAfter === undefined).length,
    victim: spread(present(all.map(({ victimWroteFor }) => victimWroteFor))),
  };
}

const rowOf = (result: Result): string => `${result.variant} ${result.kind === 'fault' ? result.fault : 'start'}`;

/** The results that may be combined: for each fault on each variant those of the latest build. */
export function newest(results: readonly Result[]): Result[] {
  const builds = new Map(results.map((result) => [rowOf(result), result.build]));
  return results.filter((result) => builds.get(rowOf(result)) === result.build);
}

/** Combines the runs of each fault on each variant; omits those without runs. */
export function summarize(results: readonly Result[]): Summary[] {
  const faults = results.filter(({ kind }) => kind === 'fault') as FaultResult[];
  return (Object.keys(FAULTS) as FaultName[]).flatMap((fault) =>
    (Object.keys(VARIANTS) as VariantName[]).flatMap((variant) => {
      const runs = faults.filter((result) => result.fault === fault && result.variant === variant);
      return runs.length === 0 ? [] : [summaryOf(fault, variant, runs)];
    }),
  );
}

/** The starts of a variant. */
export interface Starts {
  readonly spread: Spread;
  readonly runs: number;
  /** Identifier of the one that took longest. */
  readonly slowest: string;
}

/** The start times of a variant's members; absent when never measured. */
export function startsOf(results: readonly Result[], variant: VariantName): Starts | undefined {
  const starts = results.filter((one): one is StartResult => one.kind === 'start' && one.variant === variant);
  const all = spread(present(starts.map(({ seconds }) => seconds)));
  const [slowest] = starts.toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0));
  return all && slowest && { spread: all, runs: starts.length, slowest: slowest.id };
}
