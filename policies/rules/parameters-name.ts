import { ENGINES } from '../../database/engines/index.ts';
import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';
import { versionOf } from '../versions.ts';
import { SETTINGS } from '../parameters/engine-settings.ts';
import { objectRule } from '../rule.ts';

/** Maximum number of suggestions per object; each takes a millisecond. */
const MOST_GUESSES = 10;

/** Requires names of settings in the engine's grammar. */
export const parametersName = objectRule({
  id: 'parameters-name',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'The name becomes the left side of a line in the configuration file; anything else there could be a line of its own.',
  remedy: 'write the name as the engine’s manual does, such as max_connections',
  allowed: [
    { spec: { parameters: { Max_Connections: '200', 'auto_explain.log_min_duration': '1s' } } },
    {
      spec: {
        engine: 'mongodb',
        version: '8.0',
        parameters: { 'storage.wiredTiger.engineConfig.cacheSizeGB': '0.25' },
      },
    },
  ],
  denied: [
    { spec: { parameters: { 'max connections': '200' } } },
    { spec: { parameters: { 'a\nb': '1' } } },
    { spec: { engine: 'mysql', version: '8.4', parameters: { Max_Connections: '200' } } },
  ],
  check: ({ spec }) => {
    const { engine } = spec;
    const wrong = Object.keys(spec.parameters ?? {}).filter((name) => !ENGINES[engine].parameters.form.test(name));
    return wrong.map((name, index) => {
      const known = index < MOST_GUESSES ? SETTINGS[engine].names(versionOf(spec)?.series ?? '') : [];
      const meant = suggest(name.replaceAll(/[ -]/g, '_'), known);
      const problem = `must have a name in the form of ${ENGINES[engine].title}’s settings`;
      return {
        path: ['spec', 'parameters', name],
        problem,
        ...(meant && { remedy: `did you mean ${quoteValue(meant)}?` }),
      };
    });
  },
});
