import { objectRule } from '../rule.ts';

/** Warns of a first start from a backup, which has not been shown to work. */
export const restoreNotYet = objectRule({
  id: 'restore-not-yet',
  kinds: ['Database'],
  path: 'spec.bootstrap.restore',
  severity: 'warning',
  on: 'create',
  why: 'Since no backups are made yet, a first start from one has only been rendered: nobody has seen it work.',
  remedy: 'try it with a copy first, and look at the data before anybody uses the database',
  allowed: [{}, { spec: { bootstrap: { adopt: true } } }],
  denied: [{ spec: { bootstrap: { restore: { from: 'billing', destination: 's3://acme-backups/billing' } } } }],
  check: ({ spec }) =>
    spec.bootstrap?.restore === undefined ? [] : [{ problem: 'a start from a backup has not been tried yet' }],
});
