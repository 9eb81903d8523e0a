import { versionOf } from '../versions.ts';
import { objectRule } from '../rule.ts';
import { CEL_NO_STEP, celSeries } from '../version-cel.ts';

/** Requires upgrades by one major version at a time. */
export const versionNoMajorSkip = objectRule({
  id: 'version-no-major-skip',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'update',
  why: 'Each major upgrade is proven from the one before it; with a skip, nobody has tried what you are about to run.',
  remedy: 'keep the major version, which cannot be changed yet',
  cel: `${CEL_NO_STEP} || ${celSeries('self')} <= ${celSeries('oldSelf')} + 1`,
  allowed: [
    { was: { spec: { version: 16 } }, spec: { version: '16.3' } },
    { was: { spec: { version: '16.3' } }, spec: { version: '16.10' } },
    { was: { spec: { engine: 'mongodb', version: '7.0' } }, spec: { engine: 'mongodb', version: '7.0' } },
  ],
  denied: [
    { was: { spec: { version: 16 } }, spec: { version: 18 } },
    { was: { spec: { version: '14.2' } }, spec: { version: '16.3' } },
    { was: { spec: { engine: 'mongodb', version: '6.0' } }, spec: { engine: 'mongodb', version: '8.0' } },
  ],
  check: ({ spec }, old) => {
    const from = old && versionOf(old.spec);
    const to = versionOf(spec);
    if (!from || !to || old.spec.engine !== spec.engine || to.index <= from.index + 1) return [];
    return [{ value: spec.version, problem: `must not skip a major version: the database runs ${from.text}` }];
  },
});
