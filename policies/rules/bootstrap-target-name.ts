import { typeRule } from '../type-rule.ts';

/**
 * PostgreSQL takes any 63 bytes as the name of a restore point. pgBackRest writes the name between quotes into postgresql.auto.conf and
 * escapes nothing (restoreRecoveryConf), so only what cannot end the quotes is let in.
 */
const FORM = /^[A-Za-z0-9_]([-A-Za-z0-9_.:@+= ]{0,61}[A-Za-z0-9_])?$/;

/** Requires the name of a restore point to be one that reaches PostgreSQL unchanged. */
export const bootstrapTargetName = typeRule({
  id: 'bootstrap-target-name',
  holds: 'target-name',
  severity: 'error',
  why: 'The name becomes a line of PostgreSQL’s configuration; a quote in it would end the line early, and a longer name than 63 bytes belongs to no restore point.',
  remedy: 'name the restore point with letters, digits, spaces and -_.:@+=, at most 63 of them; or restore to its time',
  cel: (value) => `${value}.matches('${FORM.source}')`,
  allowed: ['before-migration', 'release 4.2', '2026-11-20T10:00:00', 'x'],
  denied: ["it's", 'a\\b', ' before', '-x', 'größe', ''],
  judge: (value, path) => (FORM.test(value) ? [] : [{ path, value, problem: 'must be the name of a restore point' }]),
});
