import { parameterOf } from '../parameters.ts';
import { objectRule } from '../rule.ts';

const WAITS_FOR_NOBODY = /^(?:local|off|false|no|0)$/i;

/** Refuses a synchronous_commit that undoes `synchronous: required`. */
export const synchronousCommitWaits = objectRule({
  id: 'synchronous-commit-waits',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters.synchronous_commit',
  severity: 'error',
  on: 'write',
  why: 'With highAvailability.synchronous: required Ballast promises that a commit waits for a standby; with synchronous_commit off or local none does, and a failover loses what was confirmed.',
  remedy: 'remove it, or set highAvailability.synchronous to preferred',
  allowed: [
    {
      spec: {
        replicas: 3,
        highAvailability: { synchronous: 'required' },
        parameters: { synchronous_commit: 'remote_apply' },
      },
    },
    {
      spec: { replicas: 3, highAvailability: { synchronous: 'preferred' }, parameters: { synchronous_commit: 'off' } },
    },
  ],
  denied: [
    { spec: { replicas: 3, highAvailability: { synchronous: 'required' }, parameters: { synchronous_commit: 'off' } } },
    {
      spec: { replicas: 3, highAvailability: { synchronous: 'required' }, parameters: { synchronous_commit: 'local' } },
    },
  ],
  check: ({ spec }) => {
    if (spec.highAvailability?.synchronous !== 'required') return [];
    const written = parameterOf(spec, 'synchronous_commit');
    if (!written || !WAITS_FOR_NOBODY.test(String(written.value))) return [];
    const problem = 'must not be off or local while highAvailability.synchronous is required';
    return [{ path: ['spec', 'parameters', written.name], value: written.value, problem }];
  },
});
