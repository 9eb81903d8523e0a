import { isLower, versionOf } from '../versions.ts';
import { objectRule } from '../rule.ts';
import { CEL_NO_STEP, celMinor, celSeries } from '../version-cel.ts';

/** A version without a minor number means the newest minor. */
const HIGHEST = 1_000_000;

/** Refuses a lower version, of the series and of the minor alike. */
export const versionNoDowngrade = objectRule({
  id: 'version-no-downgrade',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'update',
  why: 'The data files of a newer release cannot be read by an older one; a database that goes back does not start.',
  remedy: 'keep the version; to go back, load a dump into a new Database',
  cel: `${CEL_NO_STEP} || ${celSeries('self')} > ${celSeries('oldSelf')} || (${celSeries('self')} == ${celSeries('oldSelf')} && ${celMinor('self', HIGHEST)} >= ${celMinor('oldSelf', 0)})`,
  allowed: [
    { was: { spec: { version: '16.3' } }, spec: { version: '16.10' } },
    { was: { spec: { version: '16.3' } }, spec: { version: 16 } },
    { was: { spec: { version: 16 } }, spec: { version: '16.3' } },
  ],
  denied: [
    { was: { spec: { version: 17 } }, spec: { version: 16 } },
    { was: { spec: { version: '16.10' } }, spec: { version: '16.3' } },
    { was: { spec: { engine: 'mysql', version: '8.4' } }, spec: { engine: 'mysql', version: '8.0' } },
  ],
  check: ({ spec }, old) => {
    const from = old && versionOf(old.spec);
    const to = versionOf(spec);
    if (!from || !to || old.spec.engine !== spec.engine) return [];
    if (!isLower(to, from)) return [];
    return [{ value: spec.version, problem: `must not go down: the database runs ${from.text}` }];
  },
});
