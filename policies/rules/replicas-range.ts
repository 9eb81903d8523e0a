import { objectRule } from '../rule.ts';

/** Maximum number of members. */
export const MOST_REPLICAS = 9;

/** Requires a number of members within the range. */
export const replicasRange = objectRule({
  id: 'replicas-range',
  kinds: ['Database'],
  path: 'spec.replicas',
  severity: 'error',
  on: 'write',
  why: 'A database needs a member, and every member beyond a few makes each commit and each failover slower.',
  remedy: 'choose a number from 1 to 9, best an odd one',
  cel: '!has(self.replicas) || (self.replicas >= 1 && self.replicas <= 9)',
  allowed: [{ spec: { replicas: 1 } }, { spec: { replicas: 9 } }, { spec: {} }],
  denied: [{ spec: { replicas: 0 } }, { spec: { replicas: 10 } }, { spec: { replicas: -1 } }],
  check: ({ spec: { replicas } }) =>
    replicas === undefined || (replicas >= 1 && replicas <= MOST_REPLICAS)
      ? []
      : [{ value: replicas, problem: `must be between 1 and ${MOST_REPLICAS}` }],
});
