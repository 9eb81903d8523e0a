import { objectRule } from '../rule.ts';

/** Refuses another engine for an existing database. */
export const engineImmutable = objectRule({
  id: 'engine-immutable',
  kinds: ['Database'],
  path: 'spec.engine',
  severity: 'error',
  on: 'update',
  why: 'One engine cannot read the files of another; the change would leave a database that does not start.',
  remedy: 'make a new Database with the other engine and copy the data over',
  cel: 'self.engine == oldSelf.engine',
  allowed: [{ was: { spec: { engine: 'mysql', version: '8.4' } }, spec: { engine: 'mysql', version: '8.4' } }],
  denied: [{ was: { spec: { engine: 'postgresql', version: 16 } }, spec: { engine: 'mysql', version: '8.4' } }],
  check: ({ spec }, old) =>
    !old || old.spec.engine === spec.engine
      ? []
      : [{ value: spec.engine, problem: `must not change: the database runs ${old.spec.engine}` }],
});
