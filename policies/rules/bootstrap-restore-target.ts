import { objectRule } from '../rule.ts';

const TARGETS = ['targetTime', 'targetLSN', 'targetName'] as const;

const RESTORE = 'self.bootstrap.restore';
const NO_RESTORE = '!has(self.bootstrap) || !has(self.bootstrap.restore)';
const has = (field: string): string => `has(${RESTORE}.${field})`;
const AT_MOST_ONE = `(${TARGETS.map((target) => `(${has(target)} ? 1 : 0)`).join(' + ')} <= 1)`;

/** Requires that a restore has one target at most, and that the target can be found. */
export const bootstrapRestoreTarget = objectRule({
  id: 'bootstrap-restore-target',
  kinds: ['Database'],
  path: 'spec.bootstrap.restore',
  severity: 'error',
  on: 'write',
  why: 'PostgreSQL stops its replay at one target and refuses to start with two. Nothing tells which backup comes before a restore point; from a later backup the replay never meets it.',
  remedy: 'leave one of targetTime, targetLSN and targetName',
  cel: `${NO_RESTORE} || (${AT_MOST_ONE} && (!${has('targetName')} || ${has('backup')}))`,
  allowed: [
    { spec: { bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders' } } } },
    {
      spec: {
        bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders', targetLSN: '16/B374D848' } },
      },
    },
    {
      spec: {
        bootstrap: {
          restore: {
            from: 'orders',
            destination: 's3://backups/orders',
            backup: '20261120-020000F',
            targetName: 'before-migration',
          },
        },
      },
    },
  ],
  denied: [
    {
      spec: {
        bootstrap: {
          restore: {
            from: 'orders',
            destination: 's3://backups/orders',
            targetTime: '2025-11-20T10:00:00Z',
            targetLSN: '16/B374D848',
          },
        },
      },
    },
    {
      spec: {
        bootstrap: {
          restore: { from: 'orders', destination: 's3://backups/orders', targetName: 'before-migration' },
        },
      },
    },
  ],
  check: ({ spec }) => {
    const restore = spec.bootstrap?.restore;
    if (!restore) return [];
    const [first, second] = TARGETS.filter((target) => restore[target] !== undefined);
    if (second !== undefined) return [{ problem: `must not have ${String(first)} and ${second} together` }];
    if (restore.targetName === undefined || restore.backup !== undefined) return [];
    const remedy = 'set backup to one that ended before the restore point was made; or use targetTime';
    return [{ problem: 'must name the backup that targetName comes after', remedy }];
  },
});
