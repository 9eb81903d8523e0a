import { objectRule } from '../rule.ts';
import { targetTimeProblems } from '../target-time.ts';

/** A point in time is exact, and has passed. */
export const bootstrapTargetTime = objectRule({
  id: 'bootstrap-target-time',
  kinds: ['Database', 'DatabaseRestore'],
  path: 'spec.bootstrap.restore.targetTime',
  severity: 'error',
  on: 'write',
  why: 'A time without a zone is another moment on each machine, and a restore to it loses or keeps hours of data by accident.',
  remedy: 'write it as 2026-11-20T10:00:00Z, or with an offset such as +01:00',
  allowed: [
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetTime: '2025-11-20T10:00:00Z' },
        },
      },
    },
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetTime: '2025-11-20T11:00:00.5+01:00' },
        },
      },
    },
  ],
  denied: [
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetTime: '2025-11-20T10:00:00' },
        },
      },
    },
    {
      spec: { bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders', targetTime: 'yesterday' } } },
    },
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetTime: '2025-02-30T10:00:00Z' },
        },
      },
    },
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetTime: '2999-01-01T00:00:00Z' },
        },
      },
    },
  ],
  check: (object, _, { now }) =>
    object.kind === 'Database'
      ? targetTimeProblems(
          object.spec.bootstrap?.restore?.targetTime,
          ['spec', 'bootstrap', 'restore', 'targetTime'],
          now,
        )
      : targetTimeProblems(object.spec.targetTime, ['spec', 'targetTime'], now),
});
