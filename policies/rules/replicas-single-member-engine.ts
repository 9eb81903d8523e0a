import { ENGINES, ENGINE_NAMES } from '../../database/engines/index.ts';
import { replicasOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

/** Whether the engine replicates, in CEL. */
const CEL_REPLICATES = ENGINE_NAMES.filter((engine) => ENGINES[engine].can.replicates)
  .map((engine) => `self.engine == '${engine}'`)
  .join(' || ');

/** Requires a single member of MySQL and MongoDB for now. */
export const replicasSingleMemberEngine = objectRule({
  id: 'replicas-single-member-engine',
  kinds: ['Database'],
  path: 'spec.replicas',
  severity: 'error',
  on: 'write',
  why: 'Ballast replicates PostgreSQL only so far: more members of another engine would each be a database of its own.',
  remedy: 'set replicas to 1, or use postgresql',
  cel: `${CEL_REPLICATES} || (has(self.replicas) ? self.replicas <= 1 || self.replicas > 9 : !has(self.size) || self.size == 'small')`,
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
    if (ENGINES[engine].can.replicates || replicas <= 1 || replicas > 9) return [];
    const origin = spec.replicas === undefined ? ` (from size ${spec.size})` : '';
    return [
      { value: replicas, problem: `must be 1 for ${ENGINES[engine].title}${origin}: it has no high availability yet` },
    ];
  },
});
