import type { Database } from '../../database/object.ts';
import { quantityOf } from '../../database/resolve.ts';
import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';
import { statusOf } from '../status.ts';

const fixed = (size: string, more: object = {}): object => ({
  spec: { storage: { size } },
  status: { volumesCanGrow: false, ...more },
});

/** Refuses to ask for larger volumes where their class does not let them grow. */
export const storageCanGrow = objectRule({
  id: 'storage-can-grow',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'update',
  why: 'A claim whose storage class does not allow it stays as it is: the sync fails after the merge, and the Database is stalled. status.volumesCanGrow says so, which a file in Git does not have, but facts of the cluster do (docs/facts.md).',
  remedy:
    'keep the size, allow the class to grow volumes (allowVolumeExpansion: true), or restore a backup into a new Database of another class',
  celOfObject: true,
  cel: '!has(oldSelf.status) || !has(oldSelf.status.volumesCanGrow) || oldSelf.status.volumesCanGrow || !isQuantity(string(self.spec.storage.size)) || !isQuantity(string(oldSelf.spec.storage.size)) || quantity(string(self.spec.storage.size)).compareTo(quantity(string(oldSelf.spec.storage.size))) <= 0 || (has(oldSelf.status.largestClaim) && isQuantity(oldSelf.status.largestClaim) && quantity(string(self.spec.storage.size)).compareTo(quantity(oldSelf.status.largestClaim)) <= 0)',
  allowed: [
    { was: fixed('10Gi'), spec: { storage: { size: '10Gi' }, replicas: 3 } },
    { was: fixed('10Gi', { volumesCanGrow: true }), spec: { storage: { size: '20Gi' } } },
    { was: { spec: { storage: { size: '10Gi' } }, status: {} }, spec: { storage: { size: '20Gi' } } },
    { was: fixed('10Gi', { largestClaim: '20Gi' }), spec: { storage: { size: '20Gi' } } },
  ],
  denied: [
    { was: fixed('10Gi'), spec: { storage: { size: '20Gi' } } },
    { was: fixed('10Gi', { largestClaim: '20Gi' }), spec: { storage: { size: '21Gi' } } },
  ],
  check: ({ spec: { storage } }, old) => {
    if (!old || statusOf(old).volumesCanGrow !== false) return [];
    const [from, to] = [quantityOf(old.spec.storage.size), quantityOf(storage.size)];
    if (!from || !to || compareQuantities(to, from) <= 0) return [];
    const claimed = quantityOf(statusOf(old).largestClaim);
    if (claimed && compareQuantities(to, claimed) <= 0) return [];
    const problem = `must not grow from ${canonicalQuantity(from)}: ${classOf(old)} does not let its volumes grow`;
    return [{ value: storage.size, problem }];
  },
});

function classOf({ spec }: Database): string {
  const { storageClassName } = spec.storage;
  return storageClassName === undefined ? 'the storage class' : `StorageClass ${JSON.stringify(storageClassName)}`;
}
