import type { Path } from '../database/finding.ts';
import type { Database, DatabaseBackup } from '../database/object.ts';
import type { Schedule } from '../database/values/cron.ts';
import { parseSchedule } from '../database/values/cron.ts';

/** A schedule that an object names, with its time zone, and where they stand. */
export interface Scheduled {
  readonly path: Path;
  readonly text: string;
  readonly timeZone?: string;
  readonly timeZonePath: Path;
}

/** The schedule of a Database's backups or of a DatabaseBackup, when there is one. */
export function scheduleOf({ kind, spec }: Database | DatabaseBackup): Scheduled | undefined {
  const holder = kind === 'Database' ? spec.backup : spec;
  const prefix = kind === 'Database' ? ['spec', 'backup'] : ['spec'];
  if (holder?.schedule === undefined) return undefined;
  const { schedule, timeZone } = holder;
  return {
    path: [...prefix, 'schedule'],
    text: schedule,
    timeZonePath: [...prefix, 'timeZone'],
    ...(timeZone !== undefined && { timeZone }),
  };
}

/** The parsed schedule of an object; undefined when there is none or it is wrong. */
export function soundScheduleOf(
  object: Database | DatabaseBackup,
): { path: Path; text: string; schedule: Schedule } | undefined {
  const scheduled = scheduleOf(object);
  const result = scheduled && parseSchedule(scheduled.text);
  return scheduled && result?.ok ? { ...scheduled, schedule: result.schedule } : undefined;
}
