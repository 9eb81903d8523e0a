import { applyDefaults } from '../../../database/defaults.ts';
import { backupKind } from '../../../database/schema/operations.ts';
import type { BackupEntry, BackupList } from '../../../controller/cluster/backup-list.ts';
import type { JobProjection } from '../../../controller/cluster/job.ts';
import type { BackupObject, BackupSeen, DatabaseOfBackup } from '../../../controller/backups/observation.ts';
import { NOW, healthy, secondsAgo } from '../observations.ts';

const REPOSITORY = '1f0c22aa33445566';
/** A DatabaseBackup that nothing has become of yet. */
export const OWN: BackupObject = {
  ...{ name: 'before-migration', namespace: 'shop', uid: 'u1', generation: 1, deleting: false },
  spec: applyDefaults(backupKind.spec, { databaseRef: { name: 'orders' } }) as BackupObject['spec'],
};
const { own: database } = healthy(1);
/** Its Database, which takes writes. */
export const READY: DatabaseOfBackup = {
  own: { ...database, status: { phase: 'Running' } },
  ...{ isInvalid: false, canBackUp: true, repository: REPOSITORY, first: 'orders-first-1f0c22', firstHasEnded: false },
};
/** A backup in the list. */
export const ENTRY: BackupEntry = {
  ...{ label: '20261121-100000F', type: 'full', size: 24_500_000, databaseSize: 1_073_741_824 },
  ...{ startedAt: secondsAgo(7200).getTime(), endedAt: secondsAgo(7020).getTime() },
  ...{ logStart: '000000010000000000000003', logEnd: '000000010000000000000004' },
};
export const RUN = { at: secondsAgo(60).getTime(), succeeded: true };
/** A list without backups. */
export const LIST: BackupList = { repository: REPOSITORY, backups: [], left: 0, gaps: [], isWhole: true, lastRun: RUN };
/** Its Job, which goes on. */
export const JOB: JobProjection = {
  ...{ uid: 'j1', resourceVersion: '1', owner: 'shop/orders', name: 'before-migration-run', madeFor: 'u1' },
  startedAt: secondsAgo(120).getTime(),
};

interface Changes extends Partial<Omit<BackupSeen, 'own' | 'database'>> {
  readonly own?: Partial<BackupObject>;
  readonly database?: Partial<DatabaseOfBackup>;
}

/** A look in which nothing is in the way of the backup, with changes. */
export const seenWith = ({ own, database: of, ...changes }: Changes = {}): BackupSeen => ({
  ...{ own: { ...OWN, ...own }, problems: [], database: { ...READY, ...of }, list: LIST },
  isJobAbsent: false,
  ...changes,
});
/** That look without a part. */
export const without = (field: 'database' | 'list'): BackupSeen =>
  Object.fromEntries(Object.entries(seenWith()).filter(([name]) => name !== field)) as unknown as BackupSeen;
/** Backups are off. */
export const OFF: Changes = { database: { repository: undefined } as unknown as Partial<DatabaseOfBackup> };
/** The deletion of the Database has begun. */
export const DELETING: Changes = {
  database: { own: { ...database, deletionRequestedAt: NOW, status: { phase: 'Deleting' } } },
};
