import { versionOf } from '../versions.ts';
import { objectRule } from '../rule.ts';

/** Refuses other changes together with a major upgrade. */
export const versionChangeAlone = objectRule({
  id: 'version-change-alone',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'update',
  why: 'When a major upgrade and a move of the storage fail together, nobody can tell which of them to undo.',
  remedy: 'make the two changes in two commits, each synced before the next',
  allowed: [
    { was: { spec: { version: 16 } }, spec: { version: '16.3' } },
    { was: { spec: { version: 16 } }, spec: { version: '16.3', storage: { size: '20Gi' } } },
  ],
  denied: [
    { was: { spec: { version: 16 } }, spec: { version: 17, storage: { size: '10Gi', storageClassName: 'fast' } } },
    { was: { spec: { version: 16 } }, spec: { engine: 'mysql', version: '8.4' } },
  ],
  check: ({ spec }, old) => {
    if (!old) return [];
    const engine = old.spec.engine !== spec.engine;
    const storageClass = old.spec.storage.storageClassName !== spec.storage.storageClassName;
    const upgrade = versionOf(old.spec)?.series !== versionOf(spec)?.series;
    if (!upgrade || (!engine && !storageClass)) return [];
    return [
      { value: spec.version, problem: `must not change together with the ${engine ? 'engine' : 'storage class'}` },
    ];
  },
});
