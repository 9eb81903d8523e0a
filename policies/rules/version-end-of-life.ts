import { ENGINES } from '../../database/engines/index.ts';
import { memoize } from '../../database/memoize.ts';
import { versionOf } from '../versions.ts';
import { objectRule } from '../rule.ts';

const DAY_MS = 86_400_000;

/** The end of a day, in UTC. */
const endOf = memoize((day) => Date.parse(day) + DAY_MS);

/** Warns of a release without support. */
export const versionEndOfLife = objectRule({
  id: 'version-end-of-life',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'warning',
  on: 'write',
  why: 'A release past its end of life gets no security fixes from its makers any more.',
  remedy: 'plan the upgrade to the next major version',
  allowed: [{ spec: { version: 18 } }, { spec: { engine: 'mysql', version: '8.4' } }],
  denied: [{ spec: { engine: 'mongodb', version: '6.0' } }, { spec: { engine: 'mysql', version: '8.0' } }],
  check: ({ spec }, _, { now }) => {
    const version = versionOf(spec);
    if (!version || now.getTime() < endOf(version.endOfLife)) return [];
    const { title: name } = ENGINES[spec.engine];
    return [
      { value: spec.version, problem: `${name} ${version.series} has had no support since ${version.endOfLife}` },
    ];
  },
});
