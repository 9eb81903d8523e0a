import { closest, distance } from 'fastest-levenshtein';

const SHORTEST_BEGINNING = 3;
/** Longer names are nobody's slip of the pen. */
const LONGEST = 100;

/** The known name that a misspelt one most likely stands for, when one is near enough to be worth saying. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > LONGEST) return undefined;
  const lower = name.toLowerCase().replaceAll(/[-_]/g, '');
  const lowered = known.map((candidate) => candidate.toLowerCase());
  const same = known[lowered.indexOf(lower)];
  if (same !== undefined) return same;
  // Nobody types a name to its end when a half says it.
  const [begun, ...others] = known.filter((_, index) => lowered[index]?.startsWith(lower));
  if (begun && others.length === 0 && lower.length >= SHORTEST_BEGINNING) return begun;
  // Names whose lengths differ by more than that are further away than that.
  const most = Math.max(1, Math.floor(name.length / 3));
  const near = known.filter((candidate) => Math.abs(candidate.length - name.length) <= most);
  if (near.length === 0) return undefined;
  const nearest = closest(name, near);
  return distance(name, nearest) <= most ? nearest : undefined;
}
