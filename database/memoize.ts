/** Most results that are kept; texts that users write repeat, those of an attacker do not. */
const MOST = 1000;
/** Longer texts are not kept, so that what is kept stays small. */
const LONGEST = 100;

/** The same pure function of a text, which keeps its last results: schedules, sizes and versions repeat a thousand times. */
export function memoize<T>(work: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = work(text);
    if (text.length > LONGEST) return result;
    if (results.size >= MOST) results.clear();
    results.set(text, result);
    return result;
  };
}
