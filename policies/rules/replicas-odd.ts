import { replicasOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

/** Warns that an even number of members beyond two has no advantage. */
export const replicasOdd = objectRule({
  id: 'replicas-odd',
  kinds: ['Database'],
  path: 'spec.replicas',
  severity: 'warning',
  on: 'write',
  why: 'Four members survive no more failures than three, and split in the middle as two do.',
  remedy: 'use one member less, or one more',
  allowed: [{ spec: { replicas: 2 } }, { spec: { replicas: 3 } }, { spec: { size: 'medium' } }],
  denied: [{ spec: { replicas: 4 } }, { spec: { replicas: 8 } }],
  check: ({ spec }) => {
    const replicas = replicasOf(spec);
    return replicas > 2 && replicas <= 9 && replicas % 2 === 0
      ? [{ value: replicas, problem: 'should be odd: an even number survives no more failures than one less' }]
      : [];
  },
});
