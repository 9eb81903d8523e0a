import { canonicalQuantity, compareQuantities } from '../../database/values/quantity.ts';
import { backupVolumeOf } from '../backup-volumes.ts';
import { objectRule } from '../rule.ts';

/** Refuses to shrink a backup volume. */
export const backupVolumeNoShrink = objectRule({
  id: 'backup-volume-no-shrink',
  kinds: ['Database'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'update',
  why: 'Kubernetes cannot make a volume smaller; the sync would fail after the merge. Without a size of its own the volume has twice that of the storage.',
  remedy: 'keep the size; to save space, back up to s3://, and delete the claim once its backups are too old',
  // Not in CEL: a field with two forms has no type there, and CEL cannot name it.
  allowed: [
    {
      was: { spec: { backup: { destination: { pvc: { size: '50Gi' } } } } },
      spec: { backup: { destination: { pvc: { size: '0.5Ti' } } } },
    },
    {
      was: { spec: { backup: { destination: { pvc: { size: '20Gi' } } } } },
      spec: { backup: { destination: 'pvc://' } },
    },
    {
      was: { spec: { backup: { destination: { pvc: { size: '50Gi' } } } } },
      spec: { backup: { destination: 's3://backups/orders' } },
    },
  ],
  denied: [
    {
      was: { spec: { backup: { destination: { pvc: { size: '500Gi' } } } } },
      spec: { backup: { destination: { pvc: { size: '50Gi' } } } },
    },
    {
      was: { spec: { backup: { destination: { pvc: { size: '500Gi' } } } } },
      spec: { backup: { destination: 'pvc://' } },
    },
    {
      was: { spec: { backup: { destination: 'pvc://' } } },
      spec: { backup: { destination: { pvc: { size: '19Gi' } } } },
    },
    {
      was: { spec: { backup: { destination: { pvc: { size: '500Gi' } } } } },
      spec: { backup: { enabled: false, destination: { pvc: { size: '50Gi' } } } },
    },
    {
      was: {
        spec: { storage: { size: '40Gi' }, backup: { destination: 'pvc://' } },
        status: { largestVolume: '10Gi' },
      },
      spec: { storage: { size: '20Gi' }, backup: { destination: 'pvc://' } },
    },
  ],
  check: ({ spec }, old) => {
    const [from, to] = [old && backupVolumeOf(old.spec), backupVolumeOf(spec)];
    if (!from?.size || !to?.size || compareQuantities(to.size, from.size) >= 0) return [];
    const size = canonicalQuantity(from.size);
    if (to.written !== undefined) {
      const path = ['spec', 'backup', 'destination', 'pvc', 'size'];
      return [{ path, value: to.written, problem: `must not shrink: the backup volume has ${size}` }];
    }
    const problem = `must not shrink: the backup volume has ${size}, and without a size it would get ${canonicalQuantity(to.size)}`;
    return [{ problem, remedy: `write the size: {pvc: {size: ${size}}}` }];
  },
});
