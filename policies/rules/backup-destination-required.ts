import { objectRule } from '../rule.ts';

/** Requires a destination while backups are enabled. */
export const backupDestinationRequired = objectRule({
  id: 'backup-destination-required',
  kinds: ['Database'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'write',
  why: 'Whoever asks for backups believes to have them; without a destination there are none.',
  remedy: 'add destination, for example s3://bucket/prefix or pvc://, or set enabled to false',
  // Not in CEL: a field with two forms has no type there, and CEL cannot name it.
  allowed: [
    { spec: { backup: { destination: 's3://backups/orders' } } },
    { spec: { backup: { enabled: false } } },
    { spec: {} },
  ],
  denied: [{ spec: { backup: {} } }, { spec: { backup: { enabled: true, schedule: '@daily' } } }],
  check: ({ spec: { backup } }) =>
    backup?.enabled && backup.destination === undefined ? [{ problem: 'must be set while backups are enabled' }] : [],
});
