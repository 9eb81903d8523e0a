import { targetTimeProblems } from '../target-time.ts';
import { typeRule } from '../type-rule.ts';

/** Requires a point in time that is exact and in the past. */
export const bootstrapTargetTime = typeRule({
  id: 'bootstrap-target-time',
  holds: 'target-time',
  severity: 'error',
  why: 'A time without a zone is another moment on each machine, and a restore to it loses or keeps hours of data by accident.',
  remedy: 'write it as 2026-11-20T10:00:00Z, or with an offset such as +01:00',
  allowed: ['2025-11-20T10:00:00Z', '2025-11-20T11:00:00.5+01:00'],
  denied: ['2025-11-20T10:00:00', 'yesterday', '2025-02-30T10:00:00Z', '2999-01-01T00:00:00Z'],
  judge: (value, path, { now }) => targetTimeProblems(value, path, now),
});
