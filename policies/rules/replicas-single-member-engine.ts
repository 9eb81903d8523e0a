import { replicasOf } from '../../database/resolve.ts';
import { CATALOG } from '../catalog.ts';
import { objectRule } from '../rule.ts';

/** MySQL and MongoDB run alone for now. */
export const replicasSingleMemberEngine = objectRule({
  id: 'replicas-single-member-engine',
  kinds: ['Database'],
  path: 'spec.replicas',
  severity: 'error',
  on: 'write',
  why: 'Ballast replicates PostgreSQL only so far: more members of another engine would each be a database of its own.',
  remedy: 'set replicas to 1, or use postgresql',
  cel: "self.engine == 'postgresql' || (has(self.replicas) ? self.replicas <= 1 || self.replicas > 9 : !has(self.size) || self.size == 'small')",
  allowed: [
    { spec: { engine: 'mysql', version: '8.4', replicas: 1 } },
    { spec: { engine: 'mongodb', version: '8.0', size: 'large', replicas: 1 } },
    { spec: { engine: 'postgresql', replicas: 3 } },
  ],
  denied: [
    { spec: { engine: 'mysql', version: '8.4', replicas: 3 } },
    { spec: { engine: 'mongodb', version: '8.0', size: 'large' } },
  ],
  check: ({ spec }) => {
    const { engine } = spec;
    const replicas = replicasOf(spec);
    if (engine === 'postgresql' || replicas <= 1 || replicas > 9) return [];
    const origin = spec.replicas === undefined ? ` (from size ${spec.size})` : '';
    return [
      { value: replicas, problem: `must be 1 for ${CATALOG[engine].name}${origin}: it has no high availability yet` },
    ];
  },
});
