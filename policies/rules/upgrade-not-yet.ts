import { ENGINES } from '../../database/engines/index.ts';
import { versionOf } from '../versions.ts';
import { objectRule } from '../rule.ts';
import { CEL_NO_STEP, celSeries } from '../version-cel.ts';

/** Refuses a major upgrade: members of another major version would not start on the data, and no program converts it. */
export const upgradeNotYet = objectRule({
  id: 'upgrade-not-yet',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'update',
  why: 'The files of one major version are not those of the next, and no program of this version converts them: the members would stop one after the other, and a half of it could not be taken back.',
  remedy:
    'keep the major version; make another Database of the new one, and move the data by a dump or by logical replication',
  cel: `${CEL_NO_STEP} || ${celSeries('self')} != ${celSeries('oldSelf')} + 1`,
  allowed: [
    { was: { spec: { version: '16.3' } }, spec: { version: '16.10' } },
    { was: { spec: { version: 16 } }, spec: { version: '16.3' } },
  ],
  denied: [
    { was: { spec: { version: 16 } }, spec: { version: 17 } },
    { was: { spec: { version: '17.2' } }, spec: { version: 18 } },
    { was: { spec: { engine: 'mysql', version: '8.0' } }, spec: { engine: 'mysql', version: '8.4' } },
  ],
  check: ({ spec }, old) => {
    const from = old && versionOf(old.spec);
    const to = versionOf(spec);
    if (!from || !to || old.spec.engine !== spec.engine || to.index !== from.index + 1) return [];
    const { title: name } = ENGINES[spec.engine];
    return [
      {
        value: spec.version,
        problem: `must not change the major version: ${name} ${from.text} cannot be upgraded yet`,
      },
    ];
  },
});
