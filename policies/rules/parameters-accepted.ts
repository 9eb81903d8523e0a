import { engineOf } from '../../database/resolve.ts';
import { versionOf } from '../catalog.ts';
import { breaksOut, isOwned } from '../parameters.ts';
import { valueProblem } from '../parameters/postgresql-value.ts';
import { objectRule } from '../rule.ts';

/** Values of settings are such that the engine takes them. */
export const parametersAccepted = objectRule({
  id: 'parameters-accepted',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Patroni leaves a value that PostgreSQL would not take out of the configuration, or puts another in its place, with a line in its log; one that it does not know to be wrong stops the server.',
  remedy: 'write a value of the type and the range that the manual gives for the setting',
  allowed: [
    { spec: { version: '17', parameters: { work_mem: '64MB', log_statement: 'ddl', random_page_cost: '1.1' } } },
    { spec: { version: '17', parameters: { max_wal_size: '2GB', statement_timeout: '1min', jit: 'off' } } },
    { spec: { version: '17', parameters: { timezone: 'europe/berlin', lc_messages: 'C.UTF-8' } } },
  ],
  denied: [
    { spec: { version: '17', parameters: { work_mem: '64Mi' } } },
    { spec: { version: '17', parameters: { max_connections: 10 } } },
    { spec: { version: '17', parameters: { log_statement: 'everything' } } },
    { spec: { version: '17', parameters: { timezone: 'Mars/Base' } } },
    { spec: { version: '17', parameters: { random_page_cost: '1,1' } } },
    { spec: { version: '17', parameters: { checkpoint_completion_target: 2 } } },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    if (!version || engineOf(spec) !== 'postgresql') return [];
    return Object.entries(spec.parameters ?? {}).flatMap(([name, value]) => {
      if (isOwned('postgresql', name) || breaksOut(value)) return [];
      const found = valueProblem(version.series, name, String(value));
      return found ? [{ path: ['spec', 'parameters', name], value, ...found }] : [];
    });
  },
});
