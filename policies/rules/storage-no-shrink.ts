import { quantityOf } from '../../database/resolve.ts';
import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';

/** A volume grows and never shrinks. */
export const storageNoShrink = objectRule({
  id: 'storage-no-shrink',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'update',
  why: 'Kubernetes cannot make a volume smaller; the only way would be to throw it away with its data.',
  remedy: 'keep the size; to save space, restore a backup into a new Database',
  cel: '!isQuantity(string(self.storage.size)) || !isQuantity(string(oldSelf.storage.size)) || quantity(string(self.storage.size)).compareTo(quantity(string(oldSelf.storage.size))) >= 0',
  allowed: [
    { was: { spec: { storage: { size: '10Gi' } } }, spec: { storage: { size: '20Gi' } } },
    { was: { spec: { storage: { size: '1Ti' } } }, spec: { storage: { size: '1024Gi' } } },
  ],
  denied: [
    { was: { spec: { storage: { size: '20Gi' } } }, spec: { storage: { size: '10Gi' } } },
    { was: { spec: { storage: { size: '20Gi' } } }, spec: { storage: { size: '20G' } } },
  ],
  check: ({ spec: { storage } }, old) => {
    const from = quantityOf(old?.spec.storage.size);
    const to = quantityOf(storage.size);
    if (!from || !to || compareQuantities(to, from) >= 0) return [];
    return [{ value: storage.size, problem: `must not shrink: the volumes have ${canonicalQuantity(from)}` }];
  },
});
