import { expect } from 'chai';
import { quantityRemedy } from '../../../database/values/quantity-remedy.ts';
import { parseQuantity } from '../../../database/values/quantity.ts';

const CASES: Readonly<Record<string, string>> = {
  '20K': 'write 20k (20,000) or 20Ki (20,480)',
  '20kb': 'write 20k (20,000) or 20Ki (20,480)',
  '20ki': 'write 20Ki (20,480)',
  '20GB': 'write 20G (10^9 bytes each) or 20Gi (2^30 bytes each)',
  '20gb': 'write 20G (10^9 bytes each) or 20Gi (2^30 bytes each)',
  '20g': 'write 20G (10^9 bytes each) or 20Gi (2^30 bytes each)',
  '20 Gi': 'write 20Gi (2^30 bytes each)',
  '20GiB': 'write 20Gi (2^30 bytes each)',
  '20 gigabytes': 'write a number with a unit, such as 20Gi, 512Mi or 500m',
  '1,5Gi': 'write 1.5Gi (2^30 bytes each)',
  '1,024Mi': 'write 1024Mi (2^20 bytes each)',
  '1.5TB': 'write 1.5T (10^12 bytes each) or 1.5Ti (2^40 bytes each)',
  '2048 bytes': 'write 2048; a bare number is bytes',
  ' 20 ': 'write 20',
  '1.2.3GB': 'write a number with a unit, such as 20Gi, 512Mi or 500m',
  '': 'write a number with a unit, such as 20Gi, 512Mi or 500m',
};

describe('The remedy for a text that is no quantity', () => {
  for (const [text, remedy] of Object.entries(CASES)) {
    it(`${JSON.stringify(text)}: ${remedy}`, () => {
      expect(parseQuantity(text).ok, 'the text is refused').to.equal(false);
      expect(quantityRemedy(text)).to.equal(remedy);
    });
  }

  it('offers only what Kubernetes takes', () => {
    for (const remedy of Object.values(CASES)) {
      const offers = remedy.matchAll(/\b([0-9.]+[kMGTPE]?i?)(?= \(|;|$)/g);
      for (const [, offer = ''] of offers) expect(parseQuantity(offer).ok, offer).to.equal(true);
    }
  });
});
