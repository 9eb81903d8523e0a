/** More than the texts that repeat; when it is full it begins anew, and only the sharing is lost. */
const MOST = 30_000;
const pool = new Map<string, string>();

/**
 * The same text, in one copy for all who keep it. Of what is read of the API server each text is a copy of its own, and
 * the key of a Database alone is kept a dozen times, its configuration as often as there are Databases like it.
 */
export function shared(text: string): string {
  const known = pool.get(text);
  if (known !== undefined) return known;
  if (pool.size >= MOST) pool.clear();
  pool.set(text, text);
  return text;
}

/** Reasons and messages of conditions are the same in most Databases; longer texts seldom repeat. */
const LONGEST_WORD = 64;

/** The same list, with room for what is in it and no more: one that was filtered or added to has room for 17. */
export function exact<T>(list: readonly T[]): T[] {
  return list.slice();
}

/** The same value of JSON, in which each word is shared. It is changed in place. */
export function sharedWords<T>(value: T): T {
  if (typeof value === 'string') return (value.length > LONGEST_WORD ? value : shared(value)) as T;
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, part] of Object.entries(value)) Reflect.set(value, name, sharedWords(part));
  return value;
}
