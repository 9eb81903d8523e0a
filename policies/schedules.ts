import type { Path } from '../database/finding.ts';
import type { Database, DatabaseBackup } from '../database/object.ts';
import type { Schedule } from '../database/values/cron.ts';
import { parseSchedule } from '../database/values/cron.ts';

/** A schedule that an object names, and where it stands. */
export interface Scheduled {
  readonly path: Path;
  readonly text: string;
}

/** The time zone that an object names, and where. */
export function timeZoneOf({ kind, spec }: Database | DatabaseBackup): { path: Path; text: string } | undefined {
  const holder = kind === 'Database' ? spec.backup : spec;
  const path = kind === 'Database' ? ['spec', 'backup', 'timeZone'] : ['spec', 'timeZone'];
  return holder?.timeZone === undefined ? undefined : { path, text: holder.timeZone };
}

/** The schedule of a Database's backups or of a DatabaseBackup, when there is one. */
export function scheduleOf({ kind, spec }: Database | DatabaseBackup): Scheduled | undefined {
  const holder = kind === 'Database' ? spec.backup : spec;
  const prefix = kind === 'Database' ? ['spec', 'backup'] : ['spec'];
  if (holder?.schedule === undefined) return undefined;
  return { path: [...prefix, 'schedule'], text: holder.schedule };
}

/** The parsed schedule of an object; undefined when there is none or it is wrong. */
export function soundScheduleOf(
  object: Database | DatabaseBackup,
): { path: Path; text: string; schedule: Schedule } | undefined {
  const scheduled = scheduleOf(object);
  const result = scheduled && parseSchedule(scheduled.text);
  return scheduled && result?.ok ? { ...scheduled, schedule: result.schedule } : undefined;
}
