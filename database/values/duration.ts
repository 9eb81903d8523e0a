const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  // The micro sign and the Greek letter, which look alike. Written literally they would double the memory of the whole bundle, since V8
  // would then store two bytes per character.
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const WHOLE = /^[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;
/** One part after the other, each starting at the end of the previous one. */
const PART = /([0-9]*)(?:\.([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gy;
/** Go stores a duration in 63 bits of nanoseconds and a sign. */
const LIMIT = 2n ** 63n;

/** Go's own arithmetic: digits until they fill 63 bits, then floating point, truncated. */
function fractionNanoseconds(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** Parses a duration as Go's time.ParseDuration does (go1.26, src/time/format.go), in nanoseconds; undefined when refused. */
export function parseDuration(text: string): bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  const negative = text.startsWith('-');
  let sum = 0n;
  for (const [, whole = '', fraction = '', name = ''] of text.replace(/^[-+]/, '').matchAll(PART)) {
    const unit = UNITS[name] ?? 0n;
    const significant = whole.replace(/^0+/, '');
    if (significant.length > 19) return undefined;
    sum += BigInt(significant || '0') * unit + fractionNanoseconds(fraction, unit);
    if (sum > LIMIT) return undefined;
  }
  if (negative) return -sum;
  return sum < LIMIT ? sum : undefined;
}
