import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalQuantity, compareQuantities, parseQuantity, wholeValue } from '../../../database/values/quantity.ts';
import type { Quantity } from '../../../database/values/quantity.ts';

function quantity(text: string): Quantity {
  const result = parseQuantity(text);
  if (!result.ok) throw new Error(`${text} ${result.problem}`);
  return result.quantity;
}

const CANONICAL: Readonly<Record<string, readonly [text: string, canonical: string]>> = {
  'thousandths make ones': ['1000m', '1'],
  'a fraction becomes thousandths': ['0.5', '500m'],
  'a binary fraction becomes the next smaller unit': ['1.5Gi', '1536Mi'],
  '1024 of a unit become one of the next': ['1024Mi', '1Gi'],
  '1025 of a unit stay': ['1025Mi', '1025Mi'],
  'less than 1024 bytes lose the binary unit': ['0.5Ki', '512'],
  'an exponent stays an exponent': ['1E3', '1e3'],
  'E without digits is exa': ['1E', '1E'],
  'leading zeros go': ['01Gi', '1Gi'],
  'less than a billionth is rounded up': ['0.1n', '1n'],
  'below zero, rounding is away from zero': ['-0.1n', '-1n'],
  'binary units are capped at 63 bits': ['8Ei', '9223372036854775807'],
  'no number at all is zero': ['Gi', '0'],
  'a sign alone before a unit is zero': ['-Gi', '0'],
  'beyond exa Kubernetes loses the unit': ['1000000E', '1'],
};

const REFUSED: readonly string[] = [
  ...[
    '',
    ' 1',
    '1 ',
    '20 Gi',
    '20K',
    '20GB',
    '20GiB',
    '20g',
    '20gb',
    '1,5Gi',
    '1.2.3',
    '1Gi5',
    '1e',
    '1e+',
    '--1',
    '1_000',
  ],
  ...['0x10', 'Inf', 'NaN', '１', '.e-10', '1e1001', '1e9223372036854775808'],
];

describe('A quantity', () => {
  for (const [name, [text, canonical]] of Object.entries(CANONICAL)) {
    it(`${name}: ${text} is ${canonical}`, () => expect(canonicalQuantity(quantity(text))).to.equal(canonical));
  }

  for (const text of REFUSED) {
    it(`is not ${JSON.stringify(text)}`, () => {
      const result = parseQuantity(text);
      expect(result.ok ? '' : result.problem).to.match(/^must /);
    });
  }

  it('compares exactly, whatever the unit', () => {
    expect(compareQuantities(quantity('1Gi'), quantity('1024Mi'))).to.equal(0);
    expect(compareQuantities(quantity('1G'), quantity('1Gi'))).to.equal(-1);
    expect(compareQuantities(quantity('9007199254740993'), quantity('9007199254740992'))).to.equal(1);
    expect(compareQuantities(quantity('-1'), quantity('-2'))).to.equal(1);
  });

  it('has a whole value, rounded up', () => {
    expect(wholeValue(quantity('1500m'))).to.equal(2n);
    expect(wholeValue(quantity('-1500m'))).to.equal(-1n);
    expect(wholeValue(quantity('1Ki'))).to.equal(1024n);
  });

  it('keeps value and text when its canonical text is read again', () => {
    const unit = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'e-2');
    const text = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat({ max: 999 }), unit);
    fc.assert(
      fc.property(text, ([whole, fraction, suffix]) => {
        const first = quantity(`${whole}.${fraction}${suffix}`);
        const again = quantity(canonicalQuantity(first));
        expect(compareQuantities(first, again)).to.equal(0);
        expect(canonicalQuantity(again)).to.equal(canonicalQuantity(first));
      }),
    );
  });
});
