import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { backupVolumeOf } from '../backup-volumes.ts';
import { objectRule } from '../rule.ts';
import { statusOf } from '../status.ts';

const at = (pvc: object, size = '10Gi'): object => ({ storage: { size }, backup: { destination: { pvc } } });
const fixed = (pvc: object, more: object = {}): object => ({
  spec: at(pvc),
  status: { volumesCanGrow: false, ...more },
});

/** Refuses to ask for a larger backup volume where its class, that of the storage, does not let volumes grow. */
export const backupVolumeCanGrow = objectRule({
  id: 'backup-volume-can-grow',
  kinds: ['Database'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'update',
  why: 'A claim whose storage class does not allow it stays as it is: the sync fails after the merge. A backup volume without a class of its own has that of the storage, of which status.volumesCanGrow says whether volumes may grow.',
  remedy: 'keep the size, allow the class to grow volumes (allowVolumeExpansion: true), or back up to a bucket',
  // Not in CEL: a field with two forms has no type there, and CEL cannot name it.
  allowed: [
    { was: fixed({ size: '30Gi' }), spec: at({ size: '30Gi' }) },
    { was: fixed({ size: '30Gi' }, { volumesCanGrow: true }), spec: at({ size: '50Gi' }) },
    { was: fixed({ size: '30Gi', storageClassName: 'slow' }), spec: at({ size: '50Gi', storageClassName: 'slow' }) },
    { was: { spec: at({ size: '30Gi' }), status: {} }, spec: at({ size: '50Gi' }) },
  ],
  denied: [
    { was: fixed({ size: '30Gi' }), spec: at({ size: '50Gi' }) },
    { was: fixed({}, { largestClaim: '20Gi' }), spec: at({}, '20Gi') },
    { was: fixed({}), spec: at({ size: '21Gi' }) },
  ],
  check: ({ spec }, old) => {
    if (!old || statusOf(old).volumesCanGrow !== false) return [];
    const [from, to] = [backupVolumeOf(old.spec), backupVolumeOf(spec)];
    if (!from?.isOfStorage || !from.size || !to?.size || compareQuantities(to.size, from.size) <= 0) return [];
    const size = canonicalQuantity(from.size);
    if (to.written !== undefined) {
      const path = ['spec', 'backup', 'destination', 'pvc', 'size'];
      return [
        { path, value: to.written, problem: `must not grow from ${size}: its class does not let its volumes grow` },
      ];
    }
    const problem = `must not grow from ${size}, as it does with the storage: its class does not let its volumes grow`;
    return [{ problem, remedy: `write the size: {pvc: {size: ${size}}}` }];
  },
});
