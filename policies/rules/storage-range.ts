import { quantityOf } from '../../database/resolve.ts';
import { compareQuantities } from '../../database/values/quantity.ts';
import type { Quantity } from '../../database/values/quantity.ts';
import { typeRule } from '../type-rule.ts';

function quantity(text: string): Quantity {
  const read = quantityOf(text);
  if (!read) throw new TypeError(`${text} is no quantity`);
  return read;
}

const LEAST = quantity('1Gi');
const MOST = quantity('64Ti');

/** Requires a size of volumes within the range for databases and their backups. */
export const storageRange = typeRule({
  id: 'storage-range',
  holds: 'volume-size',
  severity: 'error',
  why: 'Below 1Gi the engine and its log do not fit, nor a backup of them; above 64Ti no volume of a common cloud can be had. A lower-case m means thousandths.',
  remedy: 'choose a size from 1Gi to 64Ti',
  cel: (size) =>
    `!isQuantity(string(${size})) || (quantity(string(${size})).compareTo(quantity('1Gi')) >= 0 && quantity(string(${size})).compareTo(quantity('64Ti')) <= 0)`,
  allowed: ['1Gi', '64Ti'],
  denied: ['1G', '65Ti', '20m', '0'],
  judge: (value, path) => {
    const size = quantityOf(value);
    if (!size || (compareQuantities(size, LEAST) >= 0 && compareQuantities(size, MOST) <= 0)) return [];
    const thousandths = String(value).endsWith('m');
    const remedy = thousandths && { remedy: 'choose a size from 1Gi to 64Ti; a lower-case m means thousandths' };
    return [{ path, value, problem: 'must be from 1Gi to 64Ti', ...remedy }];
  },
});
