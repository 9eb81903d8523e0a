import { objectRule } from '../rule.ts';
import { statusOf } from '../status.ts';
import { findVersion, isLower, versionOf } from '../versions.ts';

const running = (version: string | number, runs: string): object => ({ spec: { version }, status: { version: runs } });

/** Refuses a change to a version below the one that wrote the data. */
export const versionBelowData = objectRule({
  id: 'version-below-data',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'update',
  why: 'What runs may be newer than what stands in Git. The data files of a newer release cannot be read by an older one. status.version says which one runs, which a file in Git does not have, but facts of the cluster do (docs/facts.md).',
  remedy: 'write the version that runs, or a newer one',
  // Not in CEL: two catalogs of all engines in one expression cost more than the API server allows.
  allowed: [
    { was: running('16.3', '16.3'), spec: { version: '16.10' } },
    { was: running('16.3', '16.10'), spec: { version: '16.3', replicas: 3 } },
    { was: running('16.3', '16.10'), spec: { version: '16.10' } },
    { was: running('16.3', '16.10'), spec: { version: 16 } },
    { was: { spec: { version: '16.3' }, status: {} }, spec: { version: '16.4' } },
  ],
  denied: [
    { was: running('16.3', '16.10'), spec: { version: '16.4' } },
    {
      was: { spec: { engine: 'mysql', version: '8.4.1' }, status: { version: '8.4.3' } },
      spec: { engine: 'mysql', version: '8.4.2' },
    },
  ],
  check: ({ spec }, old) => {
    const from = old && versionOf(old.spec);
    const to = versionOf(spec);
    const { version = '' } = old ? statusOf(old) : {};
    const runs = findVersion(spec.engine, version);
    if (!from || !to || !runs || old.spec.engine !== spec.engine || to.text === from.text) return [];
    // A version below that of the spec is a matter of version-no-downgrade.
    if (isLower(to, from) || !isLower(to, runs)) return [];
    return [{ value: spec.version, problem: `must not lie below the data: the database runs ${runs.text}` }];
  },
});
