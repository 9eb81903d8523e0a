import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';
import { isInstalledLibraries, parameterOf } from '../parameters.ts';
import { objectRule } from '../rule.ts';

/** Libraries in images/postgres that a server or a session can load at its start. */
const LIBRARIES = [
  ...[
    'auth_delay',
    'auto_explain',
    'basebackup_to_shell',
    'basic_archive',
    'passwordcheck',
    'pg_overexplain',
    'pg_prewarm',
  ],
  ...['pg_stat_statements', 'pg_trgm', 'pgoutput', 'plpgsql', 'postgres_fdw', 'test_decoding'],
];

const SETTINGS = ['shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries'];

function namesIn(value: string): string[] {
  const names = value.split(',').map((name) => name.trim().replace(/^\$libdir\/(?:plugins\/)?/, ''));
  return names.filter((name) => name !== '');
}

/** Warns of preloaded libraries that the image lacks. */
export const parametersLibrariesInstalled = objectRule({
  id: 'parameters-libraries-installed',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters',
  severity: 'warning',
  on: 'write',
  why: 'A server that does not find a library of shared_preload_libraries does not start, and with one of the others no session does. Only an image of your own has more than the modules of PostgreSQL.',
  remedy: 'name it only together with an image of your own that has it (images/README.md)',
  allowed: [{ spec: { parameters: { shared_preload_libraries: 'pg_stat_statements, $libdir/auto_explain' } } }],
  denied: [
    { spec: { parameters: { shared_preload_libraries: 'timescaledb' } } },
    { spec: { parameters: { shared_preload_libraries: 'pg_stat_statments' } } },
  ],
  check: ({ spec }) => {
    return SETTINGS.flatMap((setting) => {
      const written = parameterOf(spec, setting);
      if (!written || !isInstalledLibraries(written.value)) return [];
      const missing = namesIn(String(written.value)).filter((name) => !LIBRARIES.includes(name));
      return missing.map((name) => {
        const meant = suggest(name, LIBRARIES);
        const problem = `the image images/postgres has no library ${name}`;
        const path = ['spec', 'parameters', written.name];
        return { path, problem, ...(meant && { remedy: `did you mean ${quoteValue(meant)}?` }) };
      });
    });
  },
});
