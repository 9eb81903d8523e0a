import { ENGINES } from '../../database/engines/index.ts';
import { isListOf, saysBackups } from '../cluster/backup-list.ts';
import type { BackupSeen, DatabaseOfBackup } from './observation.ts';

/** What a requested backup waits for. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
  /** Whether only a person can change that. */
  readonly isStalled: boolean;
}

const until = (reason: string, message: string): Waiting => ({ reason, message, isStalled: false });
const stalled = (reason: string, message: string): Waiting => ({ reason, message, isStalled: true });

/** Phases in which a Database takes writes. */
const SERVING: ReadonlySet<string | undefined> = new Set(['Running', 'Scaling', 'Updating']);

/** Why the object itself asks for nothing that can be done. */
function unfit({ own, problems }: BackupSeen): Waiting | undefined {
  if (problems.length > 0) return stalled('Invalid', problems.join('; '));
  return own.deleting ? until('Deleting', 'the object is being deleted') : undefined;
}

/** Why the Database cannot be backed up now. */
function unready({ own, isInvalid, canBackUp, repository }: DatabaseOfBackup): Waiting | undefined {
  const { spec, metadata } = own.database;
  const name = metadata.name ?? '';
  // A deletion that is held back, as by its policy, leaves the Database and its backups as they are.
  if (own.deletionRequestedAt && own.status?.phase === 'Deleting')
    return until('DatabaseDeleting', `the Database ${name} is being deleted`);
  if (!canBackUp) return stalled('EngineCannot', `no backups are made of ${ENGINES[spec.engine].title} yet`);
  if (isInvalid) return until('DatabaseInvalid', `the Database ${name} breaks rules, as its status says`);
  if (repository === undefined) return until('BackupsOff', `the Database ${name} asks for no backups (spec.backup)`);
  if (!SERVING.has(own.status?.phase)) return until('DatabaseNotReady', `the Database ${name} takes no writes yet`);
  return undefined;
}

/**
 * The repository may hold a backup of this name already, as after a cluster was rebuilt: the list is awaited, which the first backup
 * brings.
 */
function unknown(
  { own, list }: BackupSeen,
  { first, firstHasEnded, repository }: DatabaseOfBackup,
): Waiting | undefined {
  if (own.name === first || firstHasEnded || (isListOf(list, repository) && saysBackups(list))) return undefined;
  return until('ListUnknown', `the backups in the repository are not known before ${first ?? 'the first'} has ended`);
}

/** What a schedule, or a backup, waits for by itself. */
export function waitingForDatabase(seen: BackupSeen): Waiting | undefined {
  const { own, database } = seen;
  const before = unfit(seen);
  if (before) return before;
  if (database) return unready(database);
  return until('NoDatabase', `there is no Database ${own.spec.databaseRef.name} in this namespace`);
}

/** What a requested backup waits for; undefined when it may run. */
export function waitingFor(seen: BackupSeen): Waiting | undefined {
  const { database } = seen;
  const before = waitingForDatabase(seen);
  if (before || !database) return before;
  const { busyWith } = database;
  return (
    unknown(seen, database) ??
    (busyWith === undefined ? undefined : until('AnotherRuns', `one backup is made at a time: ${busyWith}`))
  );
}
