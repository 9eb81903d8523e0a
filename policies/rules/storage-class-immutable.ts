import { objectRule } from '../rule.ts';

/** Refuses another storage class for existing volumes. */
export const storageClassImmutable = objectRule({
  id: 'storage-class-immutable',
  kinds: ['Database'],
  path: 'spec.storage.storageClassName',
  severity: 'error',
  on: 'update',
  why: 'A volume cannot move to another class; the change would do nothing, or make empty volumes.',
  remedy: 'make a new Database in the other class with bootstrap.restore from this one',
  cel: "(has(self.storage.storageClassName) ? self.storage.storageClassName : '') == (has(oldSelf.storage.storageClassName) ? oldSelf.storage.storageClassName : '')",
  allowed: [
    {
      was: { spec: { storage: { size: '10Gi', storageClassName: 'fast' } } },
      spec: { storage: { size: '20Gi', storageClassName: 'fast' } },
    },
  ],
  denied: [
    {
      was: { spec: { storage: { size: '10Gi', storageClassName: 'fast' } } },
      spec: { storage: { size: '10Gi', storageClassName: 'slow' } },
    },
    { was: { spec: { storage: { size: '10Gi', storageClassName: 'fast' } } }, spec: { storage: { size: '10Gi' } } },
  ],
  check: ({ spec: { storage } }, old) => {
    const from = old?.spec.storage.storageClassName ?? '';
    if (!old || from === (storage.storageClassName ?? '')) return [];
    const problem = `must not change: the volumes are of ${from ? `class ${JSON.stringify(from)}` : 'the default class'}`;
    return [{ ...(storage.storageClassName !== undefined && { value: storage.storageClassName }), problem }];
  },
});
