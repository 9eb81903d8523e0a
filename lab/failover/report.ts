import { faultNamed } from './faults.ts';
import type { Goal } from './goals.ts';
import { goalsOf, tell } from './goals.ts';
import { HEAD, MISSED, REMARKS, REPRODUCE, WHY } from './report-text.ts';
import type { Result } from './results.ts';
import { median, worst } from './statistics.ts';
import type { Spread, Summary } from './summary.ts';
import { newest, summarize } from './summary.ts';
import type { Timeline } from './timeline.ts';
import { writeTimeline } from './timeline.ts';
import { VARIANTS } from './variants.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

const runsOf = ({ measured, begun }: Summary): string => (measured === begun ? `${begun}` : `${measured} of ${begun}`);

function wholeOf({ whole, neverWhole }: Summary): string {
  const never = neverWhole > 0 ? `${neverWhole} × not within 240 s` : '';
  return [whole && `${whole.median.toFixed(1)} s`, never].filter(Boolean).join(', ') || '–';
}

function results(summaries: readonly Summary[]): string {
  const head = [
    'fault',
    'variant',
    'runs',
    'write gap, new connections (median / worst)',
    'write gap, kept session',
    'acknowledged writes lost',
    'primaries at once',
    'three healthy again (median)',
  ];
  const rows = summaries.map((summary) => [
    faultNamed(summary.fault).title,
    VARIANTS[summary.variant].title,
    runsOf(summary),
    tell(summary.fresh),
    tell(summary.session),
    summary.measured > 0 ? String(summary.lost) : '–',
    summary.measured > 0 ? String(summary.acknowledging) : '–',
    wholeOf(summary),
  ]);
  return table(head, rows);
}

function goalRows(goals: readonly Goal[]): string {
  const head = ['goal', 'wanted', 'measured (median / worst)', 'met', 'CloudNativePG 1.28.1'];
  const met = { yes: 'yes', 'median only': 'by the median only', no: '**no**' } as const;
  return table(
    head,
    goals.map((goal) => [goal.what, goal.wanted, goal.got, met[goal.met], goal.other ?? '']),
  );
}

const orNever = (spread: Spread | undefined): string => (spread ? tell(spread) : 'never again');

function victims(summaries: readonly Summary[]): string {
  const head = [
    'fault',
    'variant',
    'last write acknowledged by the old primary, after the fault (median / worst)',
    'lost of those written straight to it',
    'members that called themselves primary at once',
  ];
  const hidden = summaries.filter(({ fault, measured }) => faultNamed(fault).hides && measured > 0);
  const rows = hidden.map(({ fault, variant, victim, lostDirectly, primaries }) => [
    faultNamed(fault).title,
    VARIANTS[variant].title,
    orNever(victim),
    String(lostDirectly),
    String(primaries),
  ]);
  return rows.length === 0 ? '' : `## The primary that others believe dead\n\n${table(head, rows)}\n`;
}

function faultList(summaries: readonly Summary[]): string {
  const names = new Set(summaries.map(({ fault }) => fault));
  return [...names].map((name) => `- **${faultNamed(name).title}**: ${faultNamed(name).what}.\n`).join('');
}

const SHOWN = [
  'ttl',
  'loop_wait',
  'retry_timeout',
  'failsafe_mode',
  'primary_start_timeout',
  'synchronous_mode',
  'synchronous_mode_strict',
];

/** The machine's own noise: the longest gaps in the seconds before the faults. */
function noise(used: readonly Result[]): string {
  const quiet = used.flatMap((result) => {
    const measured = result.kind === 'fault' ? result.measured : undefined;
    return measured ? [Math.max(measured.quiet.fresh, measured.quiet.session)] : [];
  });
  const [middle, most] = [median(quiet), worst(quiet)];
  if (middle === undefined || most === undefined) return '';
  return `- longest write gap in the five seconds before a fault: ${middle.toFixed(2)} s in the median run, ${most.toFixed(2)} s in the worst\n`;
}

/** The settings of each build, and which measurements come from it where that is not all of its variant. */
function settings(used: readonly Result[]): string[] {
  const builds = new Map(used.map((result) => [`${result.variant} ${result.build}`, result]));
  return [...builds.values()].map(({ variant, build, settings: chosen }) => {
    const told = SHOWN.filter((name) => chosen[name] !== undefined);
    const values = told.map((name) => `${name} ${String(chosen[name])}`).join(', ');
    const here = used.filter((result) => result.variant === variant);
    const its = here.flatMap((result) => (result.kind === 'fault' && result.build === build ? [result.fault] : []));
    const isOnly = here.every((result) => result.build === build);
    const what = isOnly ? '' : `, of which: ${[...new Set(its)].map((name) => faultNamed(name).title).join(', ')}`;
    return `- ${VARIANTS[variant].title} (build ${build}): ${values}${what}\n`;
  });
}

function environment(all: readonly Result[], used: readonly Result[]): string {
  const last = used.findLast(({ versions }) => Object.keys(versions).length > 0);
  if (!last) return 'Nothing was measured yet.\n';
  const loads = used.map(({ machine }) => Number(machine['load']));
  const dates = used.map(({ at }) => at.slice(0, 10));
  const commits = [...new Set(used.map(({ commit }) => commit))].join(', ');
  return [
    `- ${Object.entries(last.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}\n`,
    `- ${String(last.machine['processors'])} × ${String(last.machine['processor'])}, ${String(last.machine['memoryGiB'])} GiB, Linux ${String(last.machine['kernel'])};`,
    ` load average before a run ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, the test's own idle cluster included\n`,
    `- measured ${dates[0] ?? ''} to ${dates.at(-1) ?? ''} at ${commits} (\`+\`: with uncommitted changes)\n`,
    noise(used),
    ...settings(used),
    ...(all.length > used.length ? [`- ${all.length - used.length} results of earlier builds are left out\n`] : []),
  ].join('');
}

function unmeasured(used: readonly Result[]): string {
  const lines = used.flatMap((result) => {
    if (result.problem === undefined) return [];
    const what = result.kind === 'start' ? 'start' : faultNamed(result.fault).title;
    return [`- ${what}, ${VARIANTS[result.variant].title}: ${result.problem.split('\n')[0] ?? ''}\n`];
  });
  return lines.length === 0 ? '' : `## Runs that could not be measured\n\n${lines.join('')}\n`;
}

/** Finds the timeline of a run. */
export type FindTimeline = (id: string) => Timeline | undefined;

function missed(goals: readonly Goal[], find: FindTimeline): string {
  const parts = goals.flatMap(({ met, slowest, what, wanted, got }) => {
    if (met === 'yes' || !slowest) return [];
    const timeline = find(slowest.id);
    const reason = WHY[slowest.of];
    return [
      `### ${what}: ${got}, wanted ${wanted}\n\n`,
      reason === undefined ? '' : `${reason}\n\n`,
      timeline ? `The slowest run:\n\n\`\`\`text\n${writeTimeline(timeline)}\n\`\`\`\n\n` : '',
    ];
  });
  return parts.length === 0 ? '' : `${MISSED}\n${parts.join('')}`;
}

/** Writes docs/failover.md from all results. */
export function writeReport(all: readonly Result[], find: FindTimeline): string {
  const used = newest(all);
  const summaries = summarize(used);
  const goals = goalsOf(used, summaries);
  return [
    HEAD,
    `## Results\n\n${results(summaries)}\n${REMARKS}\n`,
    `## Goals\n\n${goalRows(goals)}\n`,
    victims(summaries),
    `## Faults\n\n${faultList(summaries)}\n`,
    `## Measured on\n\n${environment(all, used)}\n`,
    unmeasured(used),
    missed(goals, find),
    REPRODUCE,
  ].join('');
}
