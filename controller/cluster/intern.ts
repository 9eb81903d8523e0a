/** More than the number of repeated texts; a full table is emptied, which costs only the sharing. */
const MOST = 30_000;
/** Total characters in the table. */
const MOST_CHARACTERS = 4_000_000;
/** Patroni's configuration has two thousand characters; a longer one is not shared by several Databases. */
const LONGEST = 8192;
const pool = new Map<string, string>();
let characters = 0;

/**
 * Returns the shared copy of a text. Every text parsed from the API server's answers is a copy of its own: the key of a Database alone is
 * stored a dozen times, and its configuration as often as there are similar Databases.
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

/** Total characters of the shared texts. */
export function internedCharacters(): number {
  return characters;
}

/** Reasons and messages of conditions are equal in most Databases; longer texts seldom repeat. */
const LONGEST_WORD = 64;

/** Copies a list to its exact length: V8 reserves 17 slots for a list that was filtered or extended. */
export function exactLengthList<T>(list: readonly T[]): T[] {
  return list.slice();
}

/** Shares each short text in a JSON value, in place. */
export function internWords<T>(value: T): T {
  if (typeof value === 'string') return (value.length > LONGEST_WORD ? value : intern(value)) as T;
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, part] of Object.entries(value)) Reflect.set(value, name, internWords(part));
  return value;
}
