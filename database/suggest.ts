import { closest, distance } from 'fastest-levenshtein';

const SHORTEST_BEGINNING = 3;

/** The known name that a misspelt one most likely stands for, when one is near enough to be worth saying. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > 100) return undefined;
  const lower = name.toLowerCase().replaceAll(/[-_]/g, '');
  const same = known.find((candidate) => candidate.toLowerCase() === lower);
  if (same) return same;
  // Nobody types a name to its end when a half says it.
  const [begun, ...others] = known.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  if (begun && others.length === 0 && lower.length >= SHORTEST_BEGINNING) return begun;
  const nearest = closest(name, [...known]);
  return distance(name, nearest) <= Math.max(1, Math.floor(name.length / 3)) ? nearest : undefined;
}
