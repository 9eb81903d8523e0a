/** The notation of a quantity: powers of ten with letters, with an exponent, or powers of two. */
type Format = 'DecimalSI' | 'DecimalExponent' | 'BinarySI';

/** A Kubernetes quantity: its exact value in billionths, and its notation. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: Format;
}

/** A parsed quantity, or why the text is not one. */
export type QuantityResult =
  { readonly ok: true; readonly quantity: Quantity } | { readonly ok: false; readonly problem: string };

const NANO = 1_000_000_000n;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const LARGEST_BINARY = (2n ** 63n - 1n) * NANO;
/**
 * The only refused texts that Kubernetes accepts: Kubernetes writes such numbers out digit by digit, wraps the exponent at 32 bits, and
 * 1e2147483647 blocks it for good.
 */
const LARGEST_EXPONENT = 1000;
/** The cost of longer numbers grows faster than their length. The schema allows 48 characters. */
const LONGEST = 1000;
const FORM = /^([-+]?)([0-9]*)(?:\.([0-9]*))?((?:[eEinumkKMGTP]+[-+]?|[-+])[0-9]*)?$/;

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: Format;
}

function readSuffix(suffix: string): Suffix | undefined {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10, format: 'BinarySI' };
  const decimal = DECIMAL.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3, format: 'DecimalSI' };
  const power = /^[eE]([-+]?[0-9]+)$/.exec(suffix);
  return power ? { base: 10, exponent: Number(power[1]), format: 'DecimalExponent' } : undefined;
}

/** `unscaled × 10^exponent` in billionths, rounded away from zero as Kubernetes does. */
function toNano(unscaled: bigint, exponent: number): bigint {
  const shift = exponent + 9;
  if (shift >= 0) return unscaled * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return unscaled === 0n ? 0n : (unscaled + divisor - 1n) / divisor;
}

/** Without any digit Kubernetes reads zero on its fast path, and refuses elsewhere. */
function readsNoDigits({ base, exponent }: Suffix): boolean {
  return base === 2 ? exponent < 50 : exponent >= -9;
}

function sizeOf(whole: string, fraction: string, { base, exponent, format }: Suffix): bigint {
  const scale = base === 2 ? 1n << BigInt(exponent) : 1n;
  const size = toNano(BigInt(`${whole}${fraction}` || '0') * scale, (base === 10 ? exponent : 0) - fraction.length);
  return format === 'BinarySI' && size > LARGEST_BINARY ? LARGEST_BINARY : size;
}

/**
 * Parses a quantity with the verdict and the value of Kubernetes' own parser (k8s.io/apimachinery/pkg/api/resource, ParseQuantity of
 * 1.34).
 */
export function parseQuantity(text: string): QuantityResult {
  if (text.length > LONGEST) return { ok: false, problem: `must have at most ${LONGEST} characters` };
  const match = text === '' ? null : FORM.exec(text);
  const suffix = match && readSuffix(match[4] ?? '');
  if (!match || !suffix) return { ok: false, problem: 'must be a Kubernetes quantity' };
  const [, sign, whole = '', fraction = ''] = match;
  if (`${whole}${fraction}` === '' && !readsNoDigits(suffix)) return { ok: false, problem: 'must begin with a number' };
  if (Math.abs(suffix.exponent) > LARGEST_EXPONENT) {
    return { ok: false, problem: `must not have an exponent beyond ${LARGEST_EXPONENT}` };
  }
  const nano = sizeOf(whole, fraction, suffix);
  return { ok: true, quantity: { nano: sign === '-' ? -nano : nano, format: suffix.format } };
}

/** Compares two quantities exactly: negative, zero or positive, as for sorting. */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  if (a.nano === b.nano) return 0;
  return a.nano < b.nano ? -1 : 1;
}

function removeFactors(value: bigint, factor: bigint): [bigint, number] {
  let rest = value;
  let times = 0;
  for (; rest !== 0n && rest % factor === 0n; times += 1) rest /= factor;
  return [rest, times];
}

function decimalText(nano: bigint, format: Format): string {
  const [mantissa, times] = removeFactors(nano, 10n);
  const exponent = times - 9;
  const above = ((exponent % 3) + 3) % 3;
  const power = exponent - above;
  const digits = mantissa * 10n ** BigInt(above);
  if (format === 'DecimalExponent') return power === 0 ? `${digits}` : `${digits}e${power}`;
  return `${digits}${DECIMAL[power / 3 + 3] ?? ''}`;
}

/** Writes a quantity as the API server does: `1000m` becomes `1`, `1.5Gi` becomes `1536Mi`. */
export function canonicalQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const small = nano > -1024n * NANO && nano < 1024n * NANO;
  if (format !== 'BinarySI') return decimalText(nano, format);
  if (small || nano % NANO !== 0n) return decimalText(nano, 'DecimalSI');
  const [digits, times] = removeFactors(nano / NANO, 1024n);
  return `${digits}${BINARY[times] ?? ''}`;
}

/** The quantity's value as a whole number, rounded up: bytes, for memory and storage. */
export function wholeValue({ nano }: Quantity): bigint {
  return nano > 0n ? (nano + NANO - 1n) / NANO : nano / NANO;
}
