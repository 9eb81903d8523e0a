import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Refuses a setting that is written twice. */
export const parametersTwice = objectRule({
  id: 'parameters-twice',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'An engine reads several spellings of a name as one setting; of two values only one would be in force, and nothing says which.',
  remedy: 'keep one of them',
  allowed: [{ spec: { engine: 'mysql', version: '8.4', parameters: { 'max-connections': 200 } } }],
  denied: [
    { spec: { parameters: { work_mem: '8MB', Work_Mem: '16MB' } } },
    { spec: { engine: 'mysql', version: '8.4', parameters: { 'max-connections': 200, max_connections: 300 } } },
  ],
  check: ({ spec }) => {
    const { engine } = spec;
    const first = new Map<string, string>();
    return Object.keys(spec.parameters ?? {}).flatMap((name) => {
      const canonical = ENGINES[engine].parameters.canonical(name);
      const other = first.get(canonical);
      if (other === undefined) first.set(canonical, name);
      const path = ['spec', 'parameters', name];
      return other === undefined ? [] : [{ path, problem: `must not be set twice: ${other} is the same setting` }];
    });
  },
});
