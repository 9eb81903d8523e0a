import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Refuses settings that Ballast sets itself. */
export const parametersOwned = objectRule({
  id: 'parameters-owned',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Replication, archiving, listening, access and places of files are what keeps the database safe; Ballast sets them to fit each other.',
  remedy: 'remove it; Ballast sets it for every database of the engine',
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
    const { engine } = spec;
    const owned = Object.keys(spec.parameters ?? {}).filter((name) => ENGINES[engine].parameters.isOwned(name));
    return owned.map((name) => {
      const remedy = ENGINES[engine].parameters.ownedRemedy(name);
      const problem = 'must not be set: Ballast owns this setting';
      return { path: ['spec', 'parameters', name], problem, ...(remedy && { remedy }) };
    });
  },
});
