import { quantityProblems } from '../quantities.ts';
import { objectRule } from '../rule.ts';

/** Sizes of volumes are Kubernetes quantities. */
export const storageQuantity = objectRule({
  id: 'storage-quantity',
  kinds: ['Database'],
  path: 'spec.storage.size',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes reads sizes in units of its own: k and Ki exist, K and KB do not.',
  remedy: 'write a number with a unit, such as 20Gi',
  cel: 'isQuantity(string(self.storage.size))',
  allowed: [
    { spec: { storage: { size: '20Gi' } } },
    { spec: { storage: { size: 10737418240 } } },
    { spec: { storage: { size: '1.5Ti' } } },
  ],
  denied: [
    { spec: { storage: { size: '20GB' } } },
    { spec: { storage: { size: '20K' } } },
    { spec: { storage: { size: '20 Gi' } } },
  ],
  check: ({ spec: { storage } }) => quantityProblems(storage.size, ['spec', 'storage', 'size']),
});
