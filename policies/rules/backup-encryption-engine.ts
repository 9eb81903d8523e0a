import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Refuses encryption with an engine whose backups cannot be encrypted. */
export const backupEncryptionEngine = objectRule({
  id: 'backup-encryption-engine',
  kinds: ['Database'],
  path: 'spec.backup.encryption.enabled',
  severity: 'error',
  on: 'write',
  why: 'Backups of this engine would be written as they are, and whoever asked for encryption would not learn of it.',
  remedy: 'leave it out, and let the bucket encrypt what it stores',
  allowed: [
    { spec: { backup: { destination: 's3://backups/orders', encryption: { enabled: true } } } },
    {
      spec: {
        engine: 'mysql',
        version: '8.4',
        backup: { destination: 's3://backups/orders', encryption: { enabled: false } },
      },
    },
  ],
  denied: [
    {
      spec: {
        engine: 'mysql',
        version: '8.4',
        backup: { destination: 's3://backups/orders', encryption: { enabled: true } },
      },
    },
  ],
  check: ({ spec: { engine, backup } }) => {
    if (!backup?.encryption?.enabled || ENGINES[engine].can.encryptsBackups) return [];
    return [{ value: true, problem: `must not be set with ${engine}: only backups of postgresql can be encrypted` }];
  },
});
