import type { Database } from '../../database/object.ts';
import { quantityOf } from '../../database/resolve.ts';
import type { Quantity } from '../../database/values/quantity.ts';
import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';
import { statusOf } from '../status.ts';

/** The size of the volumes: the requested size, or less where none of them has grown to it yet. */
function sizeOf(database: Database): Quantity | undefined {
  const wanted = quantityOf(database.spec.storage.size);
  const largest = quantityOf(statusOf(database).largestVolume);
  return wanted && largest && compareQuantities(largest, wanted) < 0 ? largest : wanted;
}

/** Refuses to shrink a volume. */
export const storageNoShrink = objectRule({
  id: 'storage-no-shrink',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'update',
  why: 'Kubernetes cannot make a volume smaller; the only way would be to throw it away with its data. A request that no volume has followed may be taken back: status.largestVolume says how far, which a file in Git does not have, but facts of the cluster do (docs/facts.md).',
  remedy: 'keep the size; to save space, move the data into a new Database by a dump',
  celOfObject: true,
  cel: '!isQuantity(string(self.spec.storage.size)) || !isQuantity(string(oldSelf.spec.storage.size)) || quantity(string(self.spec.storage.size)).compareTo(quantity(string(oldSelf.spec.storage.size))) >= 0 || (has(oldSelf.status) && has(oldSelf.status.largestVolume) && isQuantity(oldSelf.status.largestVolume) && quantity(string(self.spec.storage.size)).compareTo(quantity(oldSelf.status.largestVolume)) >= 0)',
  allowed: [
    { was: { spec: { storage: { size: '10Gi' } } }, spec: { storage: { size: '20Gi' } } },
    { was: { spec: { storage: { size: '1Ti' } } }, spec: { storage: { size: '1024Gi' } } },
    {
      was: { spec: { storage: { size: '20Gi' } }, status: { largestVolume: '10Gi' } },
      spec: { storage: { size: '10Gi' } },
    },
  ],
  denied: [
    { was: { spec: { storage: { size: '20Gi' } } }, spec: { storage: { size: '10Gi' } } },
    { was: { spec: { storage: { size: '20Gi' } } }, spec: { storage: { size: '20G' } } },
    {
      was: { spec: { storage: { size: '20Gi' } }, status: { largestVolume: '10Gi' } },
      spec: { storage: { size: '5Gi' } },
    },
    {
      was: { spec: { storage: { size: '10Gi' } }, status: { largestVolume: '20Gi' } },
      spec: { storage: { size: '5Gi' } },
    },
  ],
  check: ({ spec: { storage } }, old) => {
    const from = old && sizeOf(old);
    const to = quantityOf(storage.size);
    if (!from || !to || compareQuantities(to, from) >= 0) return [];
    return [{ value: storage.size, problem: `must not shrink: the volumes have ${canonicalQuantity(from)}` }];
  },
});
