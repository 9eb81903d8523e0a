import { engineOf } from '../../database/resolve.ts';
import { isOwned } from '../parameters.ts';
import { objectRule } from '../rule.ts';

/** Settings that Ballast works with are Ballast's. */
export const parametersOwned = objectRule({
  id: 'parameters-owned',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Replication, archiving, listening, access and places of files are what keeps the database safe; Ballast sets them to fit each other.',
  remedy: 'remove it; what it is for has a field of its own in the spec',
  allowed: [
    { spec: { parameters: { work_mem: '64MB' } } },
    { spec: { engine: 'mysql', version: '8.4', parameters: { max_connections: 500 } } },
  ],
  denied: [
    { spec: { parameters: { archive_command: '/bin/true' } } },
    { spec: { parameters: { listen_addresses: 'localhost' } } },
    { spec: { engine: 'mysql', version: '8.4', parameters: { 'bind-address': '0.0.0.0' } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { 'security.authorization': 'disabled' } } },
  ],
  check: ({ spec }) => {
    const owned = Object.keys(spec.parameters ?? {}).filter((name) => isOwned(engineOf(spec), name));
    return owned.map((name) => ({
      path: ['spec', 'parameters', name],
      problem: 'must not be set: Ballast owns this setting',
    }));
  },
});
