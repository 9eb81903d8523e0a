import { LIBRARY_PARAMETERS, isInstalledLibraries, parameterOf } from '../parameters.ts';
import { objectRule } from '../rule.ts';

/** Requires that PostgreSQL loads installed code only, not code among the data. */
export const parametersLibraries = objectRule({
  id: 'parameters-libraries',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'The server runs the libraries that these settings name. One by its path could be a file that somebody put among the data; so members may not write one either, and would not start.',
  remedy: 'name libraries of the image, such as pg_stat_statements or $libdir/auto_explain, with commas between them',
  allowed: [
    { spec: { parameters: { shared_preload_libraries: 'pg_stat_statements, $libdir/auto_explain' } } },
    { spec: { parameters: { dynamic_library_path: '$libdir', jit_provider: 'llvmjit' } } },
    { spec: { engine: 'mysql', version: '8.4', parameters: { max_connections: 500 } } },
  ],
  denied: [
    { spec: { parameters: { shared_preload_libraries: '/var/lib/ballast/pgdata/x.so' } } },
    { spec: { parameters: { Local_Preload_Libraries: '/tmp/x' } } },
    { spec: { parameters: { session_preload_libraries: '$libdir/../../../tmp/x' } } },
    { spec: { parameters: { dynamic_library_path: '/tmp:$libdir' } } },
  ],
  check: ({ spec }) => {
    return LIBRARY_PARAMETERS.flatMap((known) => {
      const written = parameterOf(spec, known);
      if (!written || isInstalledLibraries(written.value)) return [];
      const problem = 'must name libraries that are installed, without a path';
      return [{ path: ['spec', 'parameters', written.name], problem }];
    });
  },
});
