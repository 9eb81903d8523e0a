import { objectRule } from '../rule.ts';

const TARGETS = ['targetTime', 'targetLSN', 'targetName'] as const;
const AT_MOST_ONE = `(${TARGETS.map((target) => `(has(self.${target}) ? 1 : 0)`).join(' + ')} <= 1)`;

/** Requires that a restore in place has one target at most, and that the target can be found. */
export const restoreTarget = objectRule({
  id: 'restore-target',
  kinds: ['DatabaseRestore'],
  path: 'spec',
  severity: 'error',
  on: 'write',
  why: 'PostgreSQL stops its replay at one target and refuses to start with two. Nothing tells which backup comes before a restore point; from a later backup the replay never meets it.',
  remedy: 'leave one of targetTime, targetLSN and targetName',
  cel: `${AT_MOST_ONE} && (!has(self.targetName) || has(self.backupRef) || has(self.backup))`,
  allowed: [
    { spec: { targetLSN: '16/B374D848' } },
    { spec: { backupRef: { name: 'nightly' }, targetName: 'before-migration' } },
  ],
  denied: [{ spec: { confirmOverwrite: 'orders', targetTime: '2025-11-20T10:00:00Z', targetLSN: '16/B374D848' } }],
  check: ({ spec }) => {
    const [first, second] = TARGETS.filter((target) => spec[target] !== undefined);
    if (second !== undefined) return [{ problem: `must not have ${String(first)} and ${second} together` }];
    if (spec.targetName === undefined || spec.backup !== undefined || spec.backupRef) return [];
    const remedy = 'set backup or backupRef to one that ended before the restore point was made; or use targetTime';
    return [{ problem: 'must name the backup that targetName comes after', remedy }];
  },
});
