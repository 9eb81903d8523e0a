import type { DatabaseBackup } from '../../../database/object.ts';
import { API_VERSION } from '../../../database/schema/common.ts';
import { readDatabase } from '../database.ts';
import type { Kubectl } from '../kubectl.ts';
import { runObject } from '../run-object.ts';
import { stampedName } from '../stamp.ts';

/** Options of `kubectl ballast backup`. */
export interface BackupOptions {
  readonly type: DatabaseBackup['spec']['type'];
  readonly keepForever: boolean;
  readonly timeout: number;
}

/** Makes one backup now, as a DatabaseBackup, and waits for it. */
export async function backup(kubectl: Kubectl, name: string, options: BackupOptions): Promise<number> {
  const { type, keepForever, timeout } = options;
  const { metadata } = await readDatabase(kubectl, name);
  const object = {
    apiVersion: API_VERSION,
    kind: 'DatabaseBackup',
    metadata: { name: stampedName(name, '', new Date()), namespace: metadata.namespace },
    spec: { databaseRef: { name }, type, ...(keepForever && { keepForever }) },
  };
  return runObject(kubectl, { object, seconds: timeout });
}
