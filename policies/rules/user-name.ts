import { ENGINES, ENGINE_NAMES } from '../../database/engines/index.ts';
import { MONITOR_ROLE, REPLICATION_ROLE } from '../../database/engines/postgresql.ts';
import { objectRule } from '../rule.ts';

/** A plain SQL name of at most 32 characters (MySQL's limit), with hyphens as in Kubernetes names. */
const FORM = /^[a-z_][a-z0-9_-]{0,31}$/;
const OWNED = [
  ...ENGINE_NAMES.map((engine) => ENGINES[engine].superuser),
  'admin',
  'superuser',
  'replication',
  REPLICATION_ROLE,
  MONITOR_ROLE,
  'monitor',
  'rewind',
  'app',
  'ballast',
];

/** Requires a user name that every engine accepts and that is not Ballast's own. */
export const userName = objectRule({
  id: 'user-name',
  kinds: ['DatabaseUser'],
  path: 'spec.username',
  severity: 'error',
  on: 'write',
  why: 'The engines reserve names of their own, and Ballast logs in under some; taking one over would lock it out.',
  remedy: 'use up to 32 lower-case letters, digits, _ and -, and none of the reserved names',
  allowed: [{ spec: { username: 'reporting' } }, { spec: { username: 'shop_rw' } }],
  denied: [
    { spec: { username: 'postgres' } },
    { spec: { username: MONITOR_ROLE } },
    { spec: { username: 'pg_monitor' } },
    { spec: { username: 'x"; DROP TABLE' } },
  ],
  check: ({ metadata, spec }) => {
    const name = spec.username ?? metadata.name ?? '';
    const place = spec.username === undefined ? { path: ['metadata', 'name'] } : {};
    if (!FORM.test(name)) return [{ ...place, value: name, problem: 'must be a plain name of a login' }];
    const owned = OWNED.includes(name) || name.startsWith('pg_') || name.startsWith('mysql.');
    return owned
      ? [{ ...place, value: name, problem: 'must not be a name that the engine or Ballast uses itself' }]
      : [];
  },
});
