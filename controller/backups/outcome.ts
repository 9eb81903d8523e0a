import { names } from '../../generator/names.ts';
import type { BackupEntry } from '../cluster/backup-list.ts';
import { isGoneFrom, isListOf } from '../cluster/backup-list.ts';
import type { JobProjection } from '../cluster/job.ts';
import type { Waiting } from './gates.ts';
import { waitingFor, waitingForDatabase } from './gates.ts';
import type { BackupSeen } from './observation.ts';

/** What has become of a DatabaseBackup. */
export type Outcome =
  /** The list shows its backup. */
  | { readonly is: 'listed'; readonly entry: BackupEntry }
  /** The list shows that its backup was taken away. */
  | { readonly is: 'expired' }
  /** It succeeded, and no list says more than the stored status. */
  | { readonly is: 'succeeded'; readonly job?: JobProjection }
  | { readonly is: 'failed'; readonly reason: string; readonly message: string; readonly job?: JobProjection }
  | { readonly is: 'running'; readonly message: string; readonly job: JobProjection; readonly until?: number }
  /** Its run can only fail, and is ended: its pod would hold the volume of the backups, for a day if need be. */
  | { readonly is: 'over'; readonly message: string; readonly job: JobProjection }
  /** Its Job was there, and the watch shows it no more. */
  | { readonly is: 'missing' }
  | { readonly is: 'waiting'; readonly for: Waiting }
  /** Its Job is to be made. */
  | { readonly is: 'due' };

/** The job writes the list before it ends; a watch shows it a little later. */
const LISTED_MS = 120_000;

/** The backup of this object in the list of its repository. */
function entryOf({ own, list, database }: BackupSeen): BackupEntry | undefined {
  if (!isListOf(list, database?.repository)) return undefined;
  const { backups, lastRun } = list;
  const known = own.recorded ?? own.status?.backupName;
  if (known !== undefined) return backups.find(({ label }) => label === known);
  const made = lastRun?.job === names.backupRun(own.name) ? lastRun.label : undefined;
  return backups.find(({ request }) => request === own.name) ?? backups.find(({ label }) => label === made);
}

function isExpired({ own, list, database }: BackupSeen): boolean {
  const label = own.recorded ?? own.status?.backupName;
  if (label === undefined || database?.repository === undefined || !isListOf(list, database.repository)) return false;
  const ended = Date.parse(own.status?.completionTime ?? '');
  return isGoneFrom(list, label, Number.isNaN(ended) ? undefined : ended);
}

/** What is known of a backup that an earlier look saw end. */
function ended(seen: BackupSeen): Outcome | undefined {
  const { own } = seen;
  const { phase, message = '', conditions = [] } = own.status ?? {};
  if (own.recorded !== undefined || phase === 'Succeeded') {
    if (isExpired(seen)) return { is: 'expired' };
    if (phase === 'Succeeded') return { is: 'succeeded' };
    const why = 'the list of backups does not show this one';
    return { is: 'waiting', for: { reason: 'NotListed', message: why, isStalled: false } };
  }
  if (phase !== 'Failed') return undefined;
  const reason = conditions.find(({ type }) => type === 'Restorable')?.reason ?? 'Failed';
  return { is: 'failed', reason, message };
}

/** Why the run of this Job failed, in the words of the run itself, else in those of Kubernetes. */
function failureOf({ list, own }: BackupSeen, { reason, message }: JobProjection): string {
  const { lastRun } = list ?? {};
  const isOfThis = lastRun?.job === names.backupRun(own.name) && !lastRun.succeeded;
  const kubernetes = [reason, message].filter((one) => one !== undefined).join(': ');
  return (isOfThis ? lastRun.reason : undefined) ?? (kubernetes || 'its Job failed');
}

function ofRun(seen: BackupSeen, job: JobProjection): Outcome {
  const waits = waitingForDatabase(seen);
  // The teardown of a Database ends its runs itself.
  if (waits?.reason === 'BackupsOff') return { is: 'over', message: waits.message, job };
  const { lastRun } = seen.list ?? {};
  const isOfThis = lastRun?.job === job.name && !lastRun.succeeded && lastRun.reason !== undefined;
  const tried = isOfThis ? `; the last try failed: ${lastRun.reason ?? ''}` : '';
  return { is: 'running', message: `the backup is being made${tried}`, job };
}

function ofJob(seen: BackupSeen, job: JobProjection, now: Date): Outcome {
  const { own } = seen;
  if (job.madeFor !== own.uid) {
    const [reason, message] =
      job.madeFor === undefined
        ? ['NameTaken', `the Job ${job.name} is not of this backup: take it away, or choose another name`]
        : ['FormerJob', `the Job of an earlier object of this name is being removed`];
    return { is: 'waiting', for: { reason, message, isStalled: job.madeFor === undefined } };
  }
  if (job.outcome === 'failed') return { is: 'failed', reason: 'RunFailed', message: failureOf(seen, job), job };
  if (job.outcome === 'succeeded') {
    const until = (job.endedAt ?? 0) + LISTED_MS;
    if (now.getTime() >= until) return { is: 'succeeded', job };
    return { is: 'running', message: 'the run has ended; the list of backups does not show it yet', job, until };
  }
  return ofRun(seen, job);
}

/**
 * What has become of a DatabaseBackup, and what is to be done. The list comes first, then what an earlier look saw, then the Job: what has
 * ended never runs again, also when the object was made again and the repository has its backup.
 */
export function outcomeOf(seen: BackupSeen, now: Date): Outcome {
  const entry = entryOf(seen);
  if (entry) return { is: 'listed', entry };
  const before = ended(seen);
  if (before) return before;
  const { job, own, isJobAbsent } = seen;
  if (job) return ofJob(seen, job, now);
  if (own.status?.phase === 'Running') {
    if (!isJobAbsent) return { is: 'missing' };
    const { message = 'it is not known how it ended' } = waitingForDatabase(seen) ?? {};
    return { is: 'failed', reason: 'JobDeleted', message: `its Job was deleted: ${message}` };
  }
  const waiting = waitingFor(seen);
  return waiting ? { is: 'waiting', for: waiting } : { is: 'due' };
}
