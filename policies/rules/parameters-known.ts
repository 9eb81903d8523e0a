import { ENGINES } from '../../database/engines/index.ts';
import { versionOf } from '../versions.ts';
import { SETTINGS } from '../parameters/engine-settings.ts';
import { objectRule } from '../rule.ts';
import type { Found } from '../rule.ts';

/** Maximum number of suggestions per object; each takes a millisecond. */
const MOST_GUESSES = 10;

/** Requires names of settings that the engine has. */
export const parametersKnown = objectRule({
  id: 'parameters-known',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'A setting that this version of PostgreSQL does not have is left out of its configuration without a word, and what it was for does not happen; MySQL and MongoDB do not start with it.',
  remedy: 'remove it, or write the name as the manual of this version does',
  allowed: [
    {
      spec: { engine: 'mysql', version: '8.0', parameters: { default_authentication_plugin: 'mysql_native_password' } },
    },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { 'setParameter.KeysRotationIntervalSec': 7776000 } } },
    { spec: { version: '17', parameters: { DateStyle: 'ISO, DMY', TimeZone: 'Europe/Berlin' } } },
    { spec: { version: '17', parameters: { 'auto_explain.log_analyze': 'on', 'timescaledb.telemetry_level': 'off' } } },
    { spec: { version: '14', parameters: { old_snapshot_threshold: '1h' } } },
  ],
  denied: [
    {
      spec: { engine: 'mysql', version: '8.4', parameters: { default_authentication_plugin: 'mysql_native_password' } },
    },
    { spec: { engine: 'mysql', version: '8.0', parameters: { query_cache_size: 0 } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { net: 'foo' } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { replSet: 'rs0' } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { setParameter: '{x: 1}' } } },
    { spec: { version: '17', parameters: { log_statment: 'all' } } },
    { spec: { version: '17', parameters: { old_snapshot_threshold: '1h' } } },
    { spec: { version: '14', parameters: { io_method: 'worker' } } },
    { spec: { version: '17', parameters: { 'auto_explain.log_analyse': 'on' } } },
    { spec: { version: '17', parameters: { block_size: 8192 } } },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    const { engine } = spec;
    if (!version) return [];
    const all = Object.keys(spec.parameters ?? {});
    const findings: Found[] = [];
    const { form, isOwned } = ENGINES[engine].parameters;
    for (const name of all.filter((one) => form.test(one) && !isOwned(one))) {
      const isMeantSought = findings.length < MOST_GUESSES;
      const found = SETTINGS[engine].nameProblem(version.series, { name, all, isMeantSought });
      if (found) findings.push({ path: ['spec', 'parameters', name], ...found });
    }
    return findings;
  },
});
