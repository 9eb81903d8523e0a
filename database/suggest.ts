import { closest, distance } from 'fastest-levenshtein';

/** The known name that a misspelt one most likely stands for, when one is near enough to be worth saying. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > 100) return undefined;
  const lower = name.toLowerCase().replaceAll(/[-_]/g, '');
  const same = known.find((candidate) => candidate.toLowerCase() === lower);
  if (same) return same;
  const nearest = closest(name, [...known]);
  return distance(name, nearest) <= Math.max(1, Math.floor(name.length / 3)) ? nearest : undefined;
}
