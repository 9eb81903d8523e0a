import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DatabaseBackupStatus } from '../../database/types.ts';

/** A status as most are, but for times and names: what others have in common with it takes no room in them. */
const USUAL: DatabaseBackupStatus = {
  phase: 'Succeeded',
  message: 'the backup ended at 2026-11-28T02:03:00Z',
  backupName: '20261128-020000F_20261129-020000I',
  ...{ type: 'incremental', startTime: '2026-11-28T02:00:00Z', completionTime: '2026-11-28T02:03:00Z' },
  ...{ restorableFrom: '2026-11-28T02:03:00Z', duration: 180, size: '1.1Gi', databaseSize: '52.9Gi' },
  log: { start: '000000010000000000000003', end: '000000010000000000000003' },
  observedGeneration: 1,
  conditions: [
    {
      ...{ type: 'Ready', status: 'True', reason: 'Succeeded', message: 'the backup ended at 2026-11-28T02:03:00Z' },
      ...{ lastTransitionTime: '2026-11-28T02:03:10Z', observedGeneration: 1 },
    },
    {
      ...{ type: 'Restorable', status: 'True', reason: 'InRepository' },
      message: 'the repository holds it as 20261128-020000F_20261129-020000I',
      ...{ lastTransitionTime: '2026-11-28T02:03:10Z', observedGeneration: 1 },
    },
    {
      ...{ type: 'Stalled', status: 'False', reason: 'Free', message: 'nothing is in the way' },
      ...{ lastTransitionTime: '2026-11-28T02:03:10Z', observedGeneration: 1 },
    },
  ],
};
const dictionary = Buffer.from(JSON.stringify(USUAL));

/**
 * A status as a short text: there are ten times as many DatabaseBackups as Databases, and most are looked at only when the list of
 * backups changes. A usual one takes 100 bytes in place of 900.
 */
export function packStatus(status: DatabaseBackupStatus): string {
  return deflateRawSync(JSON.stringify(status), { dictionary }).toString('base64url');
}

/** The status that was packed. */
export function unpackStatus(packed: string): DatabaseBackupStatus {
  return JSON.parse(
    inflateRawSync(Buffer.from(packed, 'base64url'), { dictionary }).toString(),
  ) as DatabaseBackupStatus;
}
