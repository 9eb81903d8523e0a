/** What a change does to a database that runs, worst first. */
export const LEVELS = ['data-loss', 'one-way', 'downtime', 'switchover', 'restart', 'reload', 'none'] as const;
/** One of the levels. */
export type Level = (typeof LEVELS)[number];

/** One thing that a change does to a database that runs, or that is worth knowing before the merge (`none`). */
export interface Effect {
  readonly level: Level;
  /** One line for people. */
  readonly text: string;
}

/** Effects in the order in which they are told. */
export function worstFirst(effects: readonly Effect[]): Effect[] {
  return effects.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** The worst level of some effects; `none` where there are none. */
export function worstOf(effects: readonly Effect[]): Level {
  return LEVELS.find((level) => effects.some((effect) => effect.level === level)) ?? 'none';
}

/** Whether a level is as bad as a limit, or worse. */
export function isAsBadAs(level: Level, limit: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(limit);
}

/** Values in a message: `from 3 to "5"`, where what is absent is the default. */
export function fromTo(from: string | number | undefined, to: string | number | undefined): string {
  const told = (value: string | number | undefined): string =>
    value === undefined ? 'the default' : JSON.stringify(value);
  return `from ${told(from)} to ${told(to)}`;
}

/** The keys whose values differ, sorted. */
export function changedKeys(old: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => old[key] !== now[key]).sort();
}
