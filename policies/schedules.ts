import type { Path } from '../database/finding.ts';
import type { Database, DatabaseBackup } from '../database/object.ts';
import { remember } from '../database/remember.ts';
import { parseSchedule } from '../database/values/cron.ts';
import { canFire, shortestGapMinutes } from '../database/values/fires.ts';

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

/** A schedule that Kubernetes takes, with what is known of its fires. */
export interface SoundSchedule {
  readonly path: Path;
  readonly text: string;
  /** Whether there is any date that it fires on. */
  readonly fires: boolean;
  /** Minutes between its closest fires; Infinity when it never fires. */
  readonly gap: number;
}

/** The verdict on a schedule's text, and what is known of its fires when it is one. */
export const readSchedule = remember((text) => {
  const result = parseSchedule(text);
  if (!result.ok) return result;
  return { ok: true as const, fires: canFire(result.schedule), gap: shortestGapMinutes(result.schedule) };
});

/** The schedule of an object when there is one and Kubernetes takes it. */
export function soundScheduleOf(object: Database | DatabaseBackup): SoundSchedule | undefined {
  const scheduled = scheduleOf(object);
  if (!scheduled) return undefined;
  const result = readSchedule(scheduled.text);
  return result.ok ? { ...scheduled, fires: result.fires, gap: result.gap } : undefined;
}
