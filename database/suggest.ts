import { closest, distance } from 'fastest-levenshtein';

const SHORTEST_BEGINNING = 3;
/** A longer name is not a typing error. */
const LONGEST = 100;

/** The known name that a misspelt one most likely means, when one is near enough. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > LONGEST) return undefined;
  const lower = name.toLowerCase().replaceAll(/[-_]/g, '');
  const lowered = known.map((candidate) => candidate.toLowerCase());
  const same = known[lowered.indexOf(lower)];
  if (same !== undefined) return same;
  // A unique beginning of a name counts as the name.
  const [begun, ...others] = known.filter((_, index) => lowered[index]?.startsWith(lower));
  if (begun && others.length === 0 && lower.length >= SHORTEST_BEGINNING) return begun;
  // Names whose lengths differ by more than this are too far apart.
  const most = Math.max(1, Math.floor(name.length / 3));
  const near = known.filter((candidate) => Math.abs(candidate.length - name.length) <= most);
  if (near.length === 0) return undefined;
  const nearest = closest(name, near);
  return distance(name, nearest) <= most ? nearest : undefined;
}
