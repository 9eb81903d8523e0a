import { engineOf } from '../../database/resolve.ts';
import { versionOf } from '../catalog.ts';
import { PARAMETER_NAME, isOwned } from '../parameters.ts';
import { nameProblem } from '../parameters/unknown-name.ts';
import { objectRule } from '../rule.ts';

/** Names of settings are the engine's. */
export const parametersKnown = objectRule({
  id: 'parameters-known',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'A setting that this version of PostgreSQL does not have is left out of its configuration without a word, and what it was for does not happen.',
  remedy: 'remove it, or write the name as the manual of this version does',
  allowed: [
    { spec: { version: '17', parameters: { DateStyle: 'ISO, DMY', TimeZone: 'Europe/Berlin' } } },
    { spec: { version: '17', parameters: { 'auto_explain.log_analyze': 'on', 'timescaledb.telemetry_level': 'off' } } },
    { spec: { version: '14', parameters: { old_snapshot_threshold: '1h' } } },
  ],
  denied: [
    { spec: { version: '17', parameters: { log_statment: 'all' } } },
    { spec: { version: '17', parameters: { old_snapshot_threshold: '1h' } } },
    { spec: { version: '14', parameters: { io_method: 'worker' } } },
    { spec: { version: '17', parameters: { 'auto_explain.log_analyse': 'on' } } },
    { spec: { version: '17', parameters: { block_size: 8192 } } },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    if (!version || engineOf(spec) !== 'postgresql') return [];
    return Object.keys(spec.parameters ?? {}).flatMap((name) => {
      if (!PARAMETER_NAME.postgresql.test(name) || isOwned('postgresql', name)) return [];
      const found = nameProblem(version.series, name);
      return found ? [{ path: ['spec', 'parameters', name], ...found }] : [];
    });
  },
});
