const WITH_UNIT = /^([-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))\s*(k|m|g|t|p|e)(i?)b?(?:ytes?)?$/i;
const BYTES = /^([-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))\s*b(?:ytes?)?$/i;
const BARE = /^[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:e[0-9]{1,3})?$/i;

interface Unit {
  readonly decimal: string;
  readonly binary: string;
  /** The unit as a power of ten and of two. */
  readonly powers: readonly [number, number];
}

const UNITS: Readonly<Record<string, Unit>> = {
  k: { decimal: 'k', binary: 'Ki', powers: [3, 10] },
  m: { decimal: 'M', binary: 'Mi', powers: [6, 20] },
  g: { decimal: 'G', binary: 'Gi', powers: [9, 30] },
  t: { decimal: 'T', binary: 'Ti', powers: [12, 40] },
  p: { decimal: 'P', binary: 'Pi', powers: [15, 50] },
  e: { decimal: 'E', binary: 'Ei', powers: [18, 60] },
};

/** A comma before three digits separates thousands; any other comma is a decimal point. */
function withoutCommas(text: string): string {
  return /^[^,]*(?:,[0-9]{3})+(?:[^0-9]|$)/.test(text) ? text.replaceAll(',', '') : text.replace(',', '.');
}

function size(number: string, { decimal, powers: [ten, two] }: Unit): readonly [string, string] {
  const digits = Number(number);
  // Thousands are short enough to be written out.
  if (decimal === 'k' && Number.isInteger(digits) && Math.abs(digits) < 1e6) {
    return [(digits * 1000).toLocaleString('en-US'), (digits * 1024).toLocaleString('en-US')];
  }
  return [`10^${ten} bytes each`, `2^${two} bytes each`];
}

/**
 * The correction of a text that is not a quantity, with the unit that was most likely meant (units as in
 * k8s.io/apimachinery/pkg/api/resource, Quantity).
 */
export function quantityRemedy(text: string): string {
  const plain = withoutCommas(text.trim());
  const [, number = '', letter = '', binary] = WITH_UNIT.exec(plain) ?? [];
  const unit = UNITS[letter.toLowerCase()];
  if (unit) {
    const [ten, two] = size(number, unit);
    const powerOfTwo = `${number}${unit.binary} (${two})`;
    return binary ? `write ${powerOfTwo}` : `write ${number}${unit.decimal} (${ten}) or ${powerOfTwo}`;
  }
  const bytes = BYTES.exec(plain);
  if (bytes) return `write ${bytes[1]}; a bare number is bytes`;
  if (BARE.test(plain)) return `write ${plain}`;
  return 'write a number with a unit, such as 20Gi, 512Mi or 500m';
}
