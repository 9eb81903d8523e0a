import type {
  StoredBackup,
  StoredDatabase,
  StoredEvent,
  StoredPod,
  StoredRestore,
} from '../../../cli/kubectl/objects.ts';
import { filledDatabase } from '../../../lab/filled-database.ts';

/** The time of all screens. */
export const NOW = new Date('2026-11-28T12:00:00Z');

/** A moment, so many minutes before. */
export const minutesAgo = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

/** A Database as kubectl prints it. */
export function storedDatabase(status: StoredDatabase['status'] = {}, spec: object = {}): StoredDatabase {
  const { spec: filled } = filledDatabase(
    { name: 'orders', namespace: 'shop' },
    { version: '17', replicas: 3, storage: { size: '20Gi' }, ...spec },
  );
  return { metadata: { name: 'orders', namespace: 'shop' }, spec: filled, status };
}

/** A member's pod, with what Patroni writes about it. */
export function storedPod(
  name: string,
  patroni: object | undefined,
  more: Partial<StoredPod['metadata']> = {},
): StoredPod {
  return {
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: minutesAgo(300),
      ...(patroni && { annotations: { status: JSON.stringify(patroni) } }),
      ...more,
    },
    spec: { nodeName: `node-${name.at(-1) ?? ''}` },
    status: { phase: 'Running', containerStatuses: [{ ready: patroni !== undefined, restartCount: 1 }] },
  };
}

/** A DatabaseBackup of the Database. */
export function storedBackup(name: string, minutes: number, status: StoredBackup['status'] = {}): StoredBackup {
  return {
    metadata: { name, namespace: 'shop', creationTimestamp: minutesAgo(minutes) },
    spec: { databaseRef: { name: 'orders' }, type: 'auto', suspend: false, keepForever: false },
    status,
  };
}

/** A DatabaseRestore of the Database. */
export function storedRestore(name: string, status: StoredRestore['status'] = {}): StoredRestore {
  return {
    metadata: { name, namespace: 'shop', creationTimestamp: minutesAgo(5) },
    spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders' },
    status,
  };
}

/** An event about the Database. */
export function storedEvent(reason: string, message: string, minutes: number, type = 'Normal'): StoredEvent {
  return { type, reason, message, lastTimestamp: minutesAgo(minutes), metadata: {} };
}
