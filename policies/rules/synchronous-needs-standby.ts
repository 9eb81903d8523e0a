import { replicasOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

/** Requires a standby for `synchronous: required`. */
export const synchronousNeedsStandby = objectRule({
  id: 'synchronous-needs-standby',
  kinds: ['Database'],
  path: 'spec.highAvailability.synchronous',
  severity: 'error',
  on: 'write',
  why: 'With required, a commit waits until a standby has it; a database with one member would wait for ever.',
  remedy: 'set replicas to 2 or more (best 3), or synchronous to preferred',
  cel: "!has(self.highAvailability) || self.highAvailability.synchronous != 'required' || (has(self.replicas) ? self.replicas >= 2 : has(self.size) && self.size != 'small')",
  allowed: [
    { spec: { replicas: 2, highAvailability: { synchronous: 'required' } } },
    { spec: { size: 'large', highAvailability: { synchronous: 'required' } } },
    { spec: { replicas: 1, highAvailability: { synchronous: 'preferred' } } },
  ],
  denied: [
    { spec: { replicas: 1, highAvailability: { synchronous: 'required' } } },
    { spec: { highAvailability: { synchronous: 'required' } } },
  ],
  check: ({ spec }) =>
    spec.highAvailability?.synchronous === 'required' && replicasOf(spec) < 2
      ? [{ value: 'required', problem: `must not be required with ${replicasOf(spec)} replica` }]
      : [],
});
