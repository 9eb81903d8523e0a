import { typeRule } from '../type-rule.ts';

/** A label of pgBackRest (20261120-020000F_20261121-020000I), or the name of a DatabaseBackup. */
const NAME = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/;

/** Requires the form of a backup's name. */
export const backupName = typeRule({
  id: 'backup-name',
  holds: 'backup-name',
  severity: 'error',
  why: 'No backup has a name of another form, and the name becomes an argument of the program that restores.',
  remedy: 'write the name as pgBackRest lists it, for example 20261120-020000F',
  allowed: ['20261120-020000F', '20261120-020000F_20261121-020000I'],
  denied: ['x --repo1-path=/', '20261120-020000F;', '-', ''],
  judge: (value, path) => (NAME.test(value) ? [] : [{ path, value, problem: 'must be the name of a backup' }]),
});
