import type { FaultName } from './faults.ts';
import { faultNamed } from './faults.ts';
import type { Result } from './results.ts';
import type { Spread, Summary } from './summary.ts';
import { startsOf } from './summary.ts';
import type { VariantName } from './variants.ts';
import { VARIANTS } from './variants.ts';

/** A goal, and the result. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly met: 'yes' | 'median only' | 'no';
  /** CloudNativePG's result. */
  readonly other?: string;
  /** The fault, and identifier of the slowest run, when the goal is about a time. */
  readonly slowest?: { readonly of: FaultName | 'start'; readonly id: string };
}

const READY_SECONDS = 15;
const READY_OTHER = 50;
const ISOLATED_SECONDS = 20;

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** A spread in words. */
export function tell({ median, worst, open }: Spread): string {
  return Number.isNaN(median) ? '–' : `${median.toFixed(1)} / ${open ? '> ' : ''}${seconds(worst)}`;
}

function judge({ median, worst }: Spread, limit: number): Goal['met'] {
  if (worst <= limit) return 'yes';
  return median <= limit ? 'median only' : 'no';
}

/** The variants that are ours. */
const OURS = (Object.keys(VARIANTS) as VariantName[]).filter((name) => !VARIANTS[name].stock);

function gapGoal(summary: Summary): Goal[] {
  const { title, goal, other } = faultNamed(summary.fault);
  if (goal === undefined || summary.measured === 0) return [];
  return [
    {
      what: `longest write gap, ${title}, ${VARIANTS[summary.variant].title}`,
      wanted: `≤ ${goal} s`,
      got: tell(summary.gap),
      met: summary.gap.open ? 'no' : judge(summary.gap, goal),
      ...(other !== undefined && { other: seconds(other) }),
      slowest: { of: summary.fault, id: summary.worstRun },
    },
  ];
}

function isolatedGoal(summary: Summary): Goal[] {
  if (summary.fault !== 'node-cut' || summary.measured === 0) return [];
  const { victim, variant } = summary;
  return [
    {
      what: `an isolated primary acknowledges its last write, ${VARIANTS[variant].title}`,
      wanted: `≤ ${ISOLATED_SECONDS} s`,
      got: victim ? tell(victim) : 'never wrote again',
      met: victim ? judge(victim, ISOLATED_SECONDS) : 'yes',
    },
  ];
}

function readyGoal(results: readonly Result[], variant: VariantName): Goal[] {
  const starts = startsOf(results, variant);
  if (!starts) return [];
  return [
    {
      what: `three members ready after apply, ${VARIANTS[variant].title}, ${starts.runs} starts`,
      wanted: `≤ ${READY_SECONDS} s`,
      got: tell(starts.spread),
      met: judge(starts.spread, READY_SECONDS),
      other: seconds(READY_OTHER),
      slowest: { of: 'start', id: starts.slowest },
    },
  ];
}

function lossGoal(summaries: readonly Summary[], variant: VariantName): Goal[] {
  const own = summaries.filter((summary) => summary.variant === variant && summary.measured > 0);
  if (own.length === 0) return [];
  const lost = own.reduce((sum, one) => sum + one.lost + one.lostDirectly, 0);
  const runs = own.reduce((sum, { measured }) => sum + measured, 0);
  return [
    {
      what: `acknowledged writes lost, all faults, ${VARIANTS[variant].title}, ${runs} runs`,
      wanted: '0',
      got: String(lost),
      met: lost === 0 ? 'yes' : 'no',
    },
  ];
}

/** All goals with their results. */
export function goalsOf(results: readonly Result[], summaries: readonly Summary[]): Goal[] {
  const ours = summaries.filter(({ variant }) => OURS.includes(variant));
  const lossless = OURS.filter((name) => !VARIANTS[name].mayLose);
  return [
    ...ours.flatMap(gapGoal),
    ...ours.flatMap(isolatedGoal),
    ...lossless.flatMap((variant) => lossGoal(summaries, variant)),
    ...OURS.flatMap((variant) => readyGoal(results, variant)),
  ];
}
