import { versionOf } from '../versions.ts';
import { startProblems } from '../parameters/start.ts';
import { objectRule } from '../rule.ts';

/** Requires settings with which a member can start. */
export const parametersStartable = objectRule({
  id: 'parameters-startable',
  kinds: ['Database'],
  engine: 'postgresql',
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
    if (!version || !spec.parameters) return [];
    const written = new Map(
      Object.entries(spec.parameters).map(([name, value]) => [name.toLowerCase(), { name, value: String(value) }]),
    );
    const values = (name: string): string | undefined => written.get(name)?.value;
    return startProblems({ major: version.series, values }).map(({ name, problem, remedy }) => ({
      path: ['spec', 'parameters', written.get(name)?.name ?? name],
      problem,
      remedy,
    }));
  },
});
