import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Warns that MySQL and MongoDB are rendered, but have neither images nor runs on real nodes. */
export const engineNotYet = objectRule({
  id: 'engine-not-yet',
  kinds: ['Database'],
  path: 'spec.engine',
  severity: 'warning',
  on: 'write',
  why: 'Only PostgreSQL has an image and has been tried on real nodes. For the other engines manifests of one member are rendered, for images that you bring.',
  remedy: 'use postgresql, or name an image of your own in ballast.yaml and try it before you rely on it',
  allowed: [{ spec: { engine: 'postgresql' } }],
  denied: [{ spec: { engine: 'mysql', version: '8.4' } }, { spec: { engine: 'mongodb', version: '8.0' } }],
  check: ({ spec }) => {
    const { engine } = spec;
    if (ENGINES[engine].can.runs) return [];
    return [{ value: engine, problem: `no image of ${ENGINES[engine].title} is built yet, and it has not been tried` }];
  },
});
