import type { Database } from '../../database/object.ts';
import { names } from '../../generator/names.ts';
import type { Confidential } from './confidential.ts';
import type { SecretWrite } from './secret.ts';

/** Whether a Database has the Secret with the passphrase of its backups. Only then may the controller read it. */
export function hasBackupKey({ spec: { backup } }: Pick<Database, 'spec'>): boolean {
  return backup?.enabled === true && backup.encryption?.enabled === true;
}

/** Creates the Secret with the passphrase. Nothing ever changes or deletes it: backups outlive their Database. */
export function backupKeyCreation(name: string, makePassword: () => Confidential): SecretWrite {
  const secret = { name: names.backupKeySecret(name), type: 'Opaque', data: { passphrase: makePassword() } } as const;
  return { verb: 'create', secret };
}
