import { engineOf } from '../../database/resolve.ts';
import { versionOf } from '../catalog.ts';
import { parameterOf } from '../parameters.ts';
import { startProblems } from '../parameters/start.ts';
import { objectRule } from '../rule.ts';

/** A member starts with its settings. */
export const parametersStartable = objectRule({
  id: 'parameters-startable',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Some values are right by themselves and still keep the server from starting, beside others or in a container; the database would be down with the next restart.',
  remedy: 'choose values that the server starts with',
  allowed: [
    { spec: { version: '17', parameters: { huge_pages: 'try', min_wal_size: '32MB' } } },
    { spec: { version: '17', parameters: { max_connections: 30, superuser_reserved_connections: 5 } } },
  ],
  denied: [
    { spec: { version: '17', parameters: { huge_pages: 'on' } } },
    { spec: { version: '18', parameters: { io_method: 'io_uring' } } },
    { spec: { version: '17', parameters: { max_connections: 30, superuser_reserved_connections: 30 } } },
    { spec: { version: '17', parameters: { min_wal_size: '16MB' } } },
    { spec: { version: '17', parameters: { log_statement_stats: 'on', log_parser_stats: 'on' } } },
    { spec: { version: '17', parameters: { max_connections: 262143 } } },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    if (!version || !spec.parameters || engineOf(spec) !== 'postgresql') return [];
    const values = (name: string): string | undefined => {
      const written = parameterOf(spec, name);
      return written && String(written.value);
    };
    return startProblems({ major: version.series, values }).map(({ name, problem, remedy }) => {
      const written = parameterOf(spec, name);
      return { path: ['spec', 'parameters', written?.name ?? name], problem, remedy };
    });
  },
});
