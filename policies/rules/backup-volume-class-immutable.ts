import { backupVolumeOf } from '../backup-volumes.ts';
import { objectRule } from '../rule.ts';

/** Refuses another class of an existing backup volume. */
export const backupVolumeClassImmutable = objectRule({
  id: 'backup-volume-class-immutable',
  kinds: ['Database'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'update',
  why: 'A volume cannot move to another class: Kubernetes refuses the change of its claim, and the sync fails after the merge. Without a class of its own the volume has that of the storage.',
  remedy: 'keep the class; to leave it, back up to s3://, and delete the claim once its backups are too old',
  allowed: [
    {
      was: { spec: { backup: { destination: { pvc: { storageClassName: 'slow' } } } } },
      spec: { backup: { destination: { pvc: { storageClassName: 'slow', size: '1Ti' } } } },
    },
    {
      was: { spec: { storage: { size: '10Gi', storageClassName: 'fast' }, backup: { destination: 'pvc://' } } },
      spec: {
        storage: { size: '10Gi', storageClassName: 'fast' },
        backup: { destination: { pvc: { storageClassName: 'fast' } } },
      },
    },
  ],
  denied: [
    {
      was: { spec: { backup: { destination: { pvc: { storageClassName: 'slow' } } } } },
      spec: { backup: { destination: { pvc: { storageClassName: 'fast' } } } },
    },
    {
      was: { spec: { backup: { destination: { pvc: { storageClassName: 'slow' } } } } },
      spec: { backup: { destination: 'pvc://' } },
    },
  ],
  check: ({ spec }, old) => {
    const [from, to] = [old && backupVolumeOf(old.spec), backupVolumeOf(spec)];
    // Another rule refuses the change of the storage's class already.
    if (!old || !from || !to || from.className === to.className) return [];
    if (from.isOfStorage && to.isOfStorage) return [];
    const has = from.className === undefined ? 'the default class' : `class ${JSON.stringify(from.className)}`;
    const place = to.isOfStorage
      ? {}
      : { path: ['spec', 'backup', 'destination', 'pvc', 'storageClassName'], value: to.className };
    return [{ ...place, problem: `must not change: the backup volume is of ${has}` }];
  },
});
