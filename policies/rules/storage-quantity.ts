import { quantityProblems } from '../quantities.ts';
import { typeRule } from '../type-rule.ts';

/** Requires Kubernetes quantities for sizes of volumes. */
export const storageQuantity = typeRule({
  id: 'storage-quantity',
  holds: 'volume-size',
  severity: 'error',
  why: 'Kubernetes reads sizes in units of its own: k and Ki exist, K and KB do not.',
  remedy: 'write a number with a unit, such as 20Gi',
  cel: (size) => `isQuantity(string(${size}))`,
  allowed: ['20Gi', 10_737_418_240, '1.5Ti'],
  denied: ['20GB', '20K', '20 Gi'],
  judge: quantityProblems,
});
