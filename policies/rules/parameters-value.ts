import { breaksOut } from '../parameters.ts';
import { objectRule } from '../rule.ts';

/** Refuses values of settings that break out of their line. */
export const parametersValue = objectRule({
  id: 'parameters-value',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'The value is written into a configuration file between quotes; a quote, a backslash or a line end could close it and begin another setting.',
  remedy: 'write a plain value, without quotes, backslashes or line ends',
  allowed: [{ spec: { parameters: { search_path: '$user, public', log_line_prefix: '%m [%p] ' } } }],
  denied: [
    { spec: { parameters: { work_mem: "64MB'\narchive_command = 'x" } } },
    { spec: { parameters: { search_path: '"$user"' } } },
    { spec: { parameters: { application_name: 'a\\' } } },
  ],
  check: ({ spec }) =>
    Object.entries(spec.parameters ?? {})
      .filter(([, value]) => breaksOut(value))
      .map(([name, value]) => ({
        path: ['spec', 'parameters', name],
        value,
        problem: 'must not hold quotes, backslashes, line ends or other control characters',
      })),
});
