/** More than the texts that repeat; when it is full it begins anew, and only the sharing is lost. */
const MOST = 30_000;
/** Characters of all texts together. */
const MOST_CHARACTERS = 4_000_000;
/** A configuration of Patroni's has two thousand; a longer one is no other Database's too. */
const LONGEST = 8192;
const pool = new Map<string, string>();
let characters = 0;

/**
 * The same text, in one copy for all who keep it. Of what is read of the API server each text is a copy of its own, and
 * the key of a Database alone is kept a dozen times, its configuration as often as there are Databases like it.
 */
export function intern(text: string): string {
  if (text.length > LONGEST) return text;
  const known = pool.get(text);
  if (known !== undefined) return known;
  if (pool.size >= MOST || characters + text.length > MOST_CHARACTERS) {
    pool.clear();
    characters = 0;
  }
  pool.set(text, text);
  characters += text.length;
  return text;
}

/** Characters that are held to be shared. */
export function internedCharacters(): number {
  return characters;
}

/** Reasons and messages of conditions are the same in most Databases; longer texts seldom repeat. */
const LONGEST_WORD = 64;

/** The same list, with room for what is in it and no more: one that was filtered or added to has room for 17. */
export function exactLengthList<T>(list: readonly T[]): T[] {
  return list.slice();
}

/** The same value of JSON, in which each word is shared. It is changed in place. */
export function internWords<T>(value: T): T {
  if (typeof value === 'string') return (value.length > LONGEST_WORD ? value : intern(value)) as T;
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, part] of Object.entries(value)) Reflect.set(value, name, internWords(part));
  return value;
}
