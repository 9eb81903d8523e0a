import type { DatabaseBackupStatus } from '../../database/types.ts';
import type { BackupEntry } from '../cluster/backup-list.ts';
import type { JobProjection } from '../cluster/job.ts';
import { printable } from '../../kubernetes/printable.ts';
import type { ConditionValue } from '../runtime/conditions.ts';
import { FREE, conditionsOf } from '../runtime/conditions.ts';
import { moment } from '../runtime/hold.ts';
import type { BackupSeen } from './observation.ts';
import type { ToldOfSchedule } from './schedule-status.ts';
import type { Outcome } from './outcome.ts';
import { readableSize } from '../../database/values/readable-size.ts';

/** A status whose conditions are replaced by these. */
interface Told {
  readonly fields: DatabaseBackupStatus;
  /** Ready: whether nothing more happens to it, in kstatus' sense; the phase says how it ended. */
  readonly ready: ConditionValue;
  readonly restorable: ConditionValue;
  readonly stalled?: ConditionValue;
}

const LONGEST_MESSAGE = 1024;

const at = (milliseconds: number): string => moment(new Date(milliseconds));
const condition = (status: ConditionValue['status'], reason: string, message: string): ConditionValue => ({
  ...{ status, reason, message },
});

function listed(entry: BackupEntry): Told {
  const { label, type, startedAt, endedAt, size, databaseSize, logStart, logEnd } = entry;
  const message = `the backup ended at ${at(endedAt)}`;
  return {
    fields: {
      ...{ phase: 'Succeeded', message, backupName: label, type },
      ...{ startTime: at(startedAt), completionTime: at(endedAt), restorableFrom: at(endedAt) },
      duration: Math.max(0, Math.round((endedAt - startedAt) / 1000)),
      ...(size !== undefined && { size: readableSize(size) }),
      ...(databaseSize !== undefined && { databaseSize: readableSize(databaseSize) }),
      ...(logStart !== undefined && logEnd !== undefined && { log: { start: logStart, end: logEnd } }),
    },
    ready: condition('True', 'Succeeded', message),
    restorable: condition('True', 'InRepository', `the repository holds it as ${label}`),
  };
}

function timesOf(job: JobProjection | undefined): Pick<DatabaseBackupStatus, 'startTime' | 'completionTime'> {
  const { startedAt, endedAt } = job ?? {};
  return {
    ...(startedAt !== undefined && { startTime: at(startedAt) }),
    ...(endedAt !== undefined && { completionTime: at(endedAt) }),
  };
}

/** The step that is refused for long; it is tried again and again. */
function stepRefused({ failing }: BackupSeen): Pick<Told, 'stalled'> {
  const refused = failing?.find(({ isLasting }) => isLasting);
  return refused ? { stalled: condition('True', 'StepRefused', `${refused.subject}: ${refused.why}`) } : {};
}

function pending(seen: BackupSeen, outcome: Extract<Outcome, { is: 'waiting' | 'due' }>): Told {
  const starting = { reason: 'Starting', message: 'its Job is being made', isStalled: false };
  const { reason, message, isStalled } = outcome.is === 'waiting' ? outcome.for : starting;
  const told = seen.failure === undefined ? message : `${message}; the last try came to nothing: ${seen.failure}`;
  return {
    fields: { phase: 'Pending', message: told },
    ready: condition('False', reason, told),
    restorable: condition('False', 'NotMade', 'there is no backup yet'),
    ...(isStalled ? { stalled: condition('True', reason, message) } : stepRefused(seen)),
  };
}

function expired(seen: BackupSeen): Told {
  const message = 'the repository holds this backup no more';
  return {
    fields: { ...seen.own.status, phase: 'Succeeded', message },
    ready: condition('True', 'Succeeded', 'the backup was made'),
    restorable: condition('False', 'Expired', message),
  };
}

/** A backup of which the list says nothing: what was known of it stays. */
function succeeded(seen: BackupSeen, job: JobProjection | undefined): Told {
  const before = seen.own.status ?? {};
  const isOld = before.phase === 'Succeeded';
  const stored = seen.own.status?.conditions?.find(({ type }) => type === 'Restorable');
  const unlisted = 'the list of backups does not show it';
  const message = (isOld ? before.message : undefined) ?? `the backup was made; ${unlisted}`;
  return {
    fields: { ...before, phase: 'Succeeded', ...timesOf(job), message },
    ready: condition('True', 'Succeeded', message),
    restorable: isOld && stored ? stored : condition('Unknown', 'NotListed', unlisted),
  };
}

function failed(seen: BackupSeen, { message, reason, job }: Extract<Outcome, { is: 'failed' }>): Told {
  return {
    fields: { ...seen.own.status, phase: 'Failed', ...timesOf(job), message },
    ready: condition('True', 'Failed', message),
    restorable: condition('False', reason, 'no backup was made'),
  };
}

function running(seen: BackupSeen, outcome: Extract<Outcome, { is: 'running' | 'over' | 'missing' }>): Told {
  const [message, job] =
    outcome.is === 'missing' ? ['its Job is not to be seen', undefined] : [outcome.message, outcome.job];
  return {
    fields: { ...seen.own.status, ...timesOf(job), phase: 'Running', message },
    ready: condition('False', 'Running', message),
    restorable: condition('False', 'NotMade', 'there is no backup yet'),
    ...stepRefused(seen),
  };
}

function toldOf(seen: BackupSeen, outcome: Outcome): Told {
  switch (outcome.is) {
    case 'listed':
      return listed(outcome.entry);
    case 'expired':
      return expired(seen);
    case 'succeeded':
      return succeeded(seen, outcome.job);
    case 'failed':
      return failed(seen, outcome);
    case 'running':
    case 'over':
    case 'missing':
      return running(seen, outcome);
    case 'waiting':
    case 'due':
      return pending(seen, outcome);
  }
}

/** The status of one backup. Pure, and unchanged while nothing happens. */
export function backupStatus(seen: BackupSeen, outcome: Outcome, now: Date): DatabaseBackupStatus {
  const { fields, ready, restorable, stalled = FREE } = toldOf(seen, outcome);
  const said = [
    ['Ready', ready],
    ['Restorable', restorable],
    ['Stalled', stalled],
  ] as const;
  return withConditions(seen, fields, said, now);
}

/** The status of a schedule. */
export function scheduleStatus(seen: BackupSeen, told: ToldOfSchedule, now: Date): DatabaseBackupStatus {
  const { fields, ready, healthy, stalled = FREE } = told;
  const said = [
    ['Ready', ready],
    ['BackupHealthy', healthy],
    ['Stalled', stalled],
  ] as const;
  return withConditions(seen, fields, said, now);
}

function withConditions(
  { own: { generation, status } }: BackupSeen,
  fields: DatabaseBackupStatus,
  said: Parameters<typeof conditionsOf>[1],
  now: Date,
): DatabaseBackupStatus {
  return {
    ...fields,
    ...(fields.message !== undefined && { message: printable(fields.message, LONGEST_MESSAGE) }),
    observedGeneration: generation,
    conditions: conditionsOf({ generation, ...(status && { status }) }, said, now),
  };
}
