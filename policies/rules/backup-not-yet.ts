import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Warns that no program makes backups of MySQL and MongoDB yet. */
export const backupNotYet = objectRule({
  id: 'backup-not-yet',
  kinds: ['Database'],
  path: 'spec.backup',
  severity: 'warning',
  on: 'write',
  why: 'The job, the place and the schedule are rendered, but no program of this version makes a backup of this engine. The CronJob is suspended.',
  remedy: 'back it up by other means, and keep these lines for the version that reads them, or set enabled to false',
  allowed: [
    { spec: { backup: { destination: { s3: { bucket: 'acme-backups', region: 'eu-central-1' } } } } },
    { spec: { engine: 'mysql', version: '8.4', backup: { enabled: false, destination: 's3://acme-backups/orders' } } },
  ],
  denied: [{ spec: { engine: 'mysql', version: '8.4', backup: { destination: 's3://acme-backups/orders' } } }],
  check: ({ spec: { engine, backup } }) =>
    backup?.enabled && !ENGINES[engine].can.backsUp ? [{ problem: 'nothing is backed up yet' }] : [],
});
