import { ENGINES } from '../../database/engines/index.ts';
import { versionOf } from '../versions.ts';
import { breaksOut } from '../parameters.ts';
import { SETTINGS } from '../parameters/engine-settings.ts';
import { objectRule } from '../rule.ts';

/** Requires values of settings that the engine accepts. */
export const parametersAccepted = objectRule({
  id: 'parameters-accepted',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Patroni leaves a value that PostgreSQL would not take out of the configuration, or puts another in its place, with a line in its log; one that it does not know to be wrong stops the server, as any wrong value stops MySQL and MongoDB.',
  remedy: 'write a value of the type and the range that the manual gives for the setting',
  allowed: [
    { spec: { engine: 'mysql', version: '8.4', parameters: { max_allowed_packet: '64M', sql_mode: 'ANSI_QUOTES' } } },
    { spec: { version: '17', parameters: { work_mem: '64MB', log_statement: 'ddl', random_page_cost: '1.1' } } },
    { spec: { version: '17', parameters: { max_wal_size: '2GB', statement_timeout: '1min', jit: 'off' } } },
    { spec: { version: '17', parameters: { timezone: 'europe/berlin', lc_messages: 'C.UTF-8' } } },
  ],
  denied: [
    { spec: { engine: 'mysql', version: '8.4', parameters: { max_allowed_packet: '64Mi' } } },
    { spec: { engine: 'mysql', version: '8.0', parameters: { sql_mode: 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER' } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { 'operationProfiling.mode': 'slow' } } },
    { spec: { version: '17', parameters: { work_mem: '64Mi' } } },
    { spec: { version: '17', parameters: { max_connections: 10 } } },
    { spec: { version: '17', parameters: { log_statement: 'everything' } } },
    { spec: { version: '17', parameters: { timezone: 'Mars/Base' } } },
    { spec: { version: '17', parameters: { random_page_cost: '1,1' } } },
    { spec: { version: '17', parameters: { checkpoint_completion_target: 2 } } },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    const { engine } = spec;
    if (!version) return [];
    return Object.entries(spec.parameters ?? {}).flatMap(([name, value]) => {
      if (ENGINES[engine].parameters.isOwned(name) || breaksOut(value)) return [];
      const found = SETTINGS[engine].valueProblem(version.series, name, String(value));
      return found ? [{ path: ['spec', 'parameters', name], value, ...found }] : [];
    });
  },
});
