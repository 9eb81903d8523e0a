import { quantityOf } from '../../database/resolve.ts';
import { compareQuantities } from '../../database/values/quantity.ts';
import type { Quantity } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';

function quantity(text: string): Quantity {
  const read = quantityOf(text);
  if (!read) throw new TypeError(`${text} is no quantity`);
  return read;
}

const LEAST = quantity('1Gi');
const MOST = quantity('64Ti');

/** A volume has a size that a database can live in. */
export const storageRange = objectRule({
  id: 'storage-range',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'write',
  why: 'Below 1Gi the engine and its log do not fit; above 64Ti no volume of a common cloud can be had. A lower-case m means thousandths.',
  remedy: 'choose a size from 1Gi to 64Ti',
  cel: "!isQuantity(string(self.storage.size)) || (quantity(string(self.storage.size)).compareTo(quantity('1Gi')) >= 0 && quantity(string(self.storage.size)).compareTo(quantity('64Ti')) <= 0)",
  allowed: [{ spec: { storage: { size: '1Gi' } } }, { spec: { storage: { size: '64Ti' } } }],
  denied: [
    { spec: { storage: { size: '1G' } } },
    { spec: { storage: { size: '65Ti' } } },
    { spec: { storage: { size: '20m' } } },
  ],
  check: ({ spec: { storage } }) => {
    const size = quantityOf(storage.size);
    if (!size || (compareQuantities(size, LEAST) >= 0 && compareQuantities(size, MOST) <= 0)) return [];
    const thousandths = String(storage.size).endsWith('m');
    const remedy = thousandths && { remedy: 'choose a size from 1Gi to 64Ti; a lower-case m means thousandths' };
    return [{ value: storage.size, problem: 'must be from 1Gi to 64Ti', ...remedy }];
  },
});
