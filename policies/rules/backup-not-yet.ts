import { objectRule } from '../rule.ts';

/** Warns that no program makes backups yet. */
export const backupNotYet = objectRule({
  id: 'backup-not-yet',
  kinds: ['Database'],
  path: 'spec.backup',
  severity: 'warning',
  on: 'write',
  why: 'The job, the place and the schedule are rendered, but no program of this version makes a backup. The CronJob is suspended and WAL is not archived, so that nothing fills the volumes.',
  remedy: 'back it up by other means, and keep these lines for the version that reads them, or set enabled to false',
  allowed: [{}, { spec: { backup: { enabled: false, destination: 's3://acme-backups/orders' } } }],
  denied: [{ spec: { backup: { destination: 's3://acme-backups/orders' } } }],
  check: ({ spec: { backup } }) => (backup?.enabled ? [{ problem: 'nothing is backed up yet' }] : []),
});
