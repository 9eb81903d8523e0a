/** Maximum number of stored results; users' texts repeat, those of an attacker do not. */
const MOST = 1000;
/** Longer texts are not stored, to bound the memory. */
const LONGEST = 100;

/** Memoizes a pure function of a text with a bounded memory: schedules, sizes and versions repeat a thousand times. */
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
