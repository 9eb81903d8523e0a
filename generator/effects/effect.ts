/** The levels of effects on a running database, the worst first. */
export const LEVELS = ['data-loss', 'one-way', 'downtime', 'switchover', 'restart', 'reload', 'none'] as const;
/** One of the levels. */
export type Level = (typeof LEVELS)[number];

/** One effect of a change on a running database, or a note for the reviewer (`none`). */
export interface Effect {
  readonly level: Level;
  /** One line of text. */
  readonly text: string;
}

/** Sorts effects by level, the worst first. */
export function worstFirst(effects: readonly Effect[]): Effect[] {
  return effects.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** The worst level of these effects; `none` without any. */
export function worstOf(effects: readonly Effect[]): Level {
  return LEVELS.find((level) => effects.some((effect) => effect.level === level)) ?? 'none';
}

/** Whether a level is as bad as a limit, or worse. */
export function isAsBadAs(level: Level, limit: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(limit);
}

/** Values in a message: `from 3 to "5"`; an absent one is called the default. */
export function fromTo(from: string | number | undefined, to: string | number | undefined): string {
  const told = (value: string | number | undefined): string =>
    value === undefined ? 'the default' : JSON.stringify(value);
  return `from ${told(from)} to ${told(to)}`;
}

/** The keys whose values differ, sorted. */
export function changedKeys(old: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => old[key] !== now[key]).sort();
}
