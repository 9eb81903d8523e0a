import type { DatabaseStatus } from '../../../database/types.ts';
import { BACKUP } from '../../../database/vocabulary.ts';
import { backupNames } from '../../../generator/backup-names.ts';
import { primaryOf } from '../state/members.ts';
import { restartRequestOf } from '../state/restart-request.ts';
import { switchoverRequestOf } from '../state/switchover-request.ts';
import type { Observation } from '../observation.ts';

type Handled = NonNullable<DatabaseStatus['handled']>;

/** The present leader; without one, the last. */
function lastPrimary(seen: Observation): string | undefined {
  const primary = primaryOf(seen);
  const known = seen.control.replication || primary?.ready ? primary?.name : undefined;
  return known ?? seen.own.status?.handled?.primary;
}

/** The last value of the annotation for which there is, or was, a DatabaseBackup. */
function requestedBackupIn({ own, backups }: Observation): string | undefined {
  const value = own.annotations[BACKUP] ?? '';
  const name = backupNames.requested(own.database.metadata.name ?? '', value);
  return value !== '' && backups.some((one) => one.name === name) ? value : own.status?.handled?.backup;
}

/** Everything that the controller remembers from one look to the next: it is in the status, so that a restart loses nothing. */
export function handledOf(seen: Observation): Handled {
  const primary = lastPrimary(seen);
  const switchover = switchoverRequestOf(seen);
  const restart = restartRequestOf(seen);
  const rotation = seen.credentials ? seen.credentials.rotation : seen.own.status?.handled?.rotation;
  const backup = requestedBackupIn(seen);
  return {
    ...(primary !== undefined && { primary }),
    ...(switchover && { switchover }),
    ...(restart && { restart }),
    ...(rotation !== undefined && { rotation }),
    ...(backup !== undefined && { backup }),
  };
}

/** Whether another member leads than the last leader, with or without a time without a leader in between. */
export function primaryChanged(before: DatabaseStatus | undefined, after: DatabaseStatus): boolean {
  const [from, to] = [before?.handled?.primary, after.handled?.primary];
  return from !== undefined && to !== undefined && from !== to;
}
