const UNIT = /^([-+]?[0-9.]+)\s*(k|m|g|t|p|e)(i?)b?(?:ytes?)?$/i;

interface Unit {
  readonly decimal: string;
  readonly binary: string;
  /** The unit as a power: of ten, and of two. */
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

/** What to write instead of a text that is no quantity, naming the unit that was most likely meant. */
export function quantityRemedy(text: string): string {
  const plain = text.trim().replace(',', '.');
  const match = UNIT.exec(plain);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
  if (match && unit) {
    const [, number = ''] = match;
    const { decimal, binary, powers } = unit;
    if (match[3]) return `write ${number}${binary} (units of 2^${powers[1]} bytes)`;
    return `write ${number}${binary} (units of 2^${powers[1]} bytes) or ${number}${decimal} (units of 10^${powers[0]})`;
  }
  if (/^[-+]?[0-9.]+\s*b(ytes?)?$/i.test(plain)) return `write ${Number.parseFloat(plain)}; a bare number is bytes`;
  if (/^[-+]?[0-9.]+(e[0-9]+)?$/i.test(plain)) return `write ${plain}`;
  return 'write a number with a unit, such as 20Gi, 512Mi or 500m';
}
