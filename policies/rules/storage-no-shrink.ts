import type { Database } from '../../database/object.ts';
import { quantityOf } from '../../database/resolve.ts';
import type { Quantity } from '../../database/values/quantity.ts';
import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';
import { statusOf } from '../status.ts';

/**
 * The size that a change must reach: what the largest claim asks for, where it was made larger by hand; else the requested size, or less
 * where no volume has grown to it yet.
 */
function leastOf(old: Database): Quantity | undefined {
  const wanted = quantityOf(old.spec.storage.size);
  const { largestVolume, largestClaim } = statusOf(old);
  const [largest, claimed] = [quantityOf(largestVolume), quantityOf(largestClaim)];
  if (wanted && claimed && compareQuantities(claimed, wanted) > 0) return claimed;
  return wanted && largest && compareQuantities(largest, wanted) < 0 ? largest : wanted;
}

const GROWN_BY_HAND = {
  spec: { storage: { size: '10Gi' } },
  status: { largestVolume: '20Gi', largestClaim: '20Gi' },
};

/** Refuses to shrink a volume. */
export const storageNoShrink = objectRule({
  id: 'storage-no-shrink',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'update',
  why: 'Kubernetes cannot make a volume smaller; the only way would be to throw it away with its data. A request that no volume has followed may be taken back: status.largestVolume says how far. A claim that was made larger by hand is the least that a change may ask for: status.largestClaim. A file in Git has neither, facts of the cluster have both (docs/facts.md).',
  remedy: 'keep the size; to save space, move the data into a new Database by a dump',
  celOfObject: true,
  cel: '!isQuantity(string(self.spec.storage.size)) || !isQuantity(string(oldSelf.spec.storage.size)) || quantity(string(self.spec.storage.size)).compareTo(quantity(string(oldSelf.spec.storage.size))) == 0 || ((has(oldSelf.status) && has(oldSelf.status.largestClaim) && isQuantity(oldSelf.status.largestClaim) && quantity(oldSelf.status.largestClaim).compareTo(quantity(string(oldSelf.spec.storage.size))) > 0) ? quantity(string(self.spec.storage.size)).compareTo(quantity(oldSelf.status.largestClaim)) >= 0 : (quantity(string(self.spec.storage.size)).compareTo(quantity(string(oldSelf.spec.storage.size))) >= 0 || (has(oldSelf.status) && has(oldSelf.status.largestVolume) && isQuantity(oldSelf.status.largestVolume) && quantity(string(self.spec.storage.size)).compareTo(quantity(oldSelf.status.largestVolume)) >= 0)))',
  allowed: [
    { was: { spec: { storage: { size: '10Gi' } } }, spec: { storage: { size: '20Gi' } } },
    { was: { spec: { storage: { size: '1Ti' } } }, spec: { storage: { size: '1024Gi' } } },
    {
      was: { spec: { storage: { size: '20Gi' } }, status: { largestVolume: '10Gi' } },
      spec: { storage: { size: '10Gi' } },
    },
    { was: GROWN_BY_HAND, spec: { storage: { size: '10Gi' }, replicas: 3 } },
    { was: GROWN_BY_HAND, spec: { storage: { size: '20Gi' } } },
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
    { was: GROWN_BY_HAND, spec: { storage: { size: '15Gi' } } },
  ],
  check: ({ spec: { storage } }, old) => {
    const [from, to] = [old && leastOf(old), quantityOf(storage.size)];
    const wanted = quantityOf(old?.spec.storage.size);
    if (!from || !to || !wanted || compareQuantities(to, from) >= 0 || compareQuantities(to, wanted) === 0) return [];
    return [{ value: storage.size, problem: `must not shrink: the volumes have ${canonicalQuantity(from)}` }];
  },
});
