import { typeRule } from '../type-rule.ts';

/** PostgreSQL's pg_lsn, as it prints it: the upper and the lower half of the position. */
const FORM = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/;
/** CEL has no escape for a slash. */
const IN_CEL = FORM.source.replace('\\/', '/');

/** Requires a position in the WAL as PostgreSQL prints it. */
export const bootstrapTargetLsn = typeRule({
  id: 'bootstrap-target-lsn',
  holds: 'target-lsn',
  severity: 'error',
  why: 'PostgreSQL does not start with a position that it cannot read, and the restore has taken its hours by then.',
  remedy: 'write it as pg_current_wal_lsn() gives it, for example 16/B374D848',
  cel: (value) => `${value}.matches('${IN_CEL}')`,
  allowed: ['16/B374D848', '0/3000028', 'FFFFFFFF/FFFFFFFF'],
  denied: ['16B374D848', '16/b374d848', '16/B374D8480', '0/3000028 ', '0000000100000003', ''],
  judge: (value, path) => (FORM.test(value) ? [] : [{ path, value, problem: 'must be a position in the WAL' }]),
});
