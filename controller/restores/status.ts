import type { DatabaseRestoreStatus } from '../../database/types.ts';
import { printable } from '../../kubernetes/printable.ts';
import { backupNames } from '../../generator/backup-names.ts';
import type { Observation } from '../databases/observation.ts';
import type { RestoreOfDatabase, RestoreRequest } from '../databases/observed-backups.ts';
import { backupBefore, hasEnded, isDone, resultOf, waitOf } from '../databases/state/restores.ts';
import type { ConditionValue } from '../runtime/conditions.ts';
import { FREE, conditionsOf } from '../runtime/conditions.ts';
import { moment } from '../runtime/hold.ts';

type Fields = Pick<DatabaseRestoreStatus, 'phase' | 'message' | 'backupName'>;

/** The state of a restore, with the reason of its conditions. */
interface Told {
  readonly fields: Fields;
  readonly reason: string;
  /** Whether only a person can help it. */
  readonly isStalled?: boolean;
}

const LONGEST_MESSAGE = 1024;

const told = (phase: NonNullable<Fields['phase']>, reason: string, message: string): Told => ({
  fields: { phase, message },
  reason,
});

const failed = (message: string): Told => told('Failed', 'Failed', message);

function ended({ restore, failure, member, result }: RestoreRequest): Told {
  if (failure !== undefined) return failed(`${failure}; the data are those from before`);
  const { backup } = result ?? {};
  const message = `${member} takes writes with the restored data, and the others follow it; ${backupNames.beforeRestore(restore)} has those from before`;
  return {
    fields: { ...told('Succeeded', 'Succeeded', message).fields, ...(backup !== undefined && { backupName: backup }) },
    reason: 'Succeeded',
  };
}

function underWay(seen: Observation, request: RestoreRequest): Told {
  const { state, member } = request;
  const result = resultOf(seen, request);
  if (state === 'follow') return ended(request);
  if (state === 'hold') return told('Stopping', 'Stopping', 'all members stop, and wait for the restore');
  if (!result) return told('Restoring', 'Restoring', `${member} restores, and the others wait`);
  return told(
    'Starting',
    'Starting',
    `${member} has ${result.state === 'restored' ? 'restored' : 'not restored'}, and starts`,
  );
}

function notBegun(restore: RestoreOfDatabase, seen: Observation): Told {
  const [wait, before] = [waitOf(seen, restore), backupBefore(seen, restore)];
  if (before?.phase === 'Failed')
    return failed(`the backup of the present data, ${before.name}, failed; nothing was restored`);
  if (wait) return { ...told('Pending', wait.reason, wait.message), isStalled: wait.isStalled };
  if (before?.phase === 'Succeeded')
    return told(
      'Pending',
      'BackupRuns',
      'the present data are backed up; the members stop once no other backup is being made',
    );
  return told('BackingUp', 'BackingUp', `${backupNames.beforeRestore(restore.name)} backs the present data up`);
}

function toldOf(restore: RestoreOfDatabase, seen: Observation | undefined): Told {
  const { spec, name } = restore;
  if (!seen) return told('Pending', 'NoDatabase', `there is no Database ${spec.databaseRef.name} in this namespace`);
  const { restoreRequest } = seen;
  if (restoreRequest?.restore === name) return underWay(seen, restoreRequest);
  if (isDone(seen, restore) === true)
    return told('Succeeded', 'Succeeded', 'the data went through this restore before');
  return notBegun(restore, seen);
}

const STARTED: ReadonlySet<string | undefined> = new Set(['Stopping', 'Restoring', 'Starting']);

function timesOf(
  before: DatabaseRestoreStatus | undefined,
  fields: Fields,
  now: Date,
): Pick<DatabaseRestoreStatus, 'startTime' | 'completionTime'> {
  const startTime = before?.startTime ?? (STARTED.has(fields.phase) ? moment(now) : undefined);
  return {
    ...(startTime !== undefined && { startTime }),
    ...(hasEnded({ status: fields }) && { completionTime: moment(now) }),
  };
}

/** Ready: whether nothing more happens to it, in kstatus' sense; the phase says how it ended. */
function conditionsIn({ fields, reason, isStalled = false }: Told): (readonly [string, ConditionValue])[] {
  const message = fields.message ?? '';
  return [
    ['Ready', { status: hasEnded({ status: fields }) ? 'True' : 'False', reason, message }],
    ['Stalled', isStalled ? { status: 'True', reason, message } : FREE],
  ];
}

/** The status of a DatabaseRestore. Pure, and unchanged while nothing happens; what has ended stays as it was. */
export function restoreStatus(
  restore: RestoreOfDatabase,
  seen: Observation | undefined,
  now: Date,
): DatabaseRestoreStatus {
  const { status: before, generation, name } = restore;
  if (before && hasEnded(restore)) return before;
  const { fields, ...told } = toldOf(restore, seen);
  const message = printable(fields.message ?? '', LONGEST_MESSAGE);
  const hasBackup = seen !== undefined && backupBefore(seen, restore) !== undefined;
  const said = conditionsIn({ ...told, fields: { ...fields, message } });
  return {
    ...fields,
    message,
    observedGeneration: generation,
    ...(hasBackup && { backupBefore: backupNames.beforeRestore(name) }),
    ...timesOf(before, fields, now),
    conditions: conditionsOf({ generation, ...(before && { status: before }) }, said, now),
  };
}
