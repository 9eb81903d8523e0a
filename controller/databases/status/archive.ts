import type { ArchiveReport, LogGap } from '../../engines/engine-control.ts';
import type { Observation } from '../observation.ts';
import { primaryOf } from '../state/members.ts';
import type { ConditionValue } from './conditions.ts';
import { moment } from '../../runtime/hold.ts';

const at = (milliseconds: number): string => moment(new Date(milliseconds));
const parts = (count: number): string => `${count} ${count === 1 ? 'part' : 'parts'} of the log`;
const range = ({ from, to, count }: LogGap): string => `${parts(count)}, from ${from} to ${to},`;

function waiting({ since, suspendsAt, count = 0 }: ArchiveReport): string {
  const long = since === undefined ? '' : ` since ${at(since)}`;
  const until =
    suspendsAt === undefined ? '' : `, on a volume that is nearly full about ${at(suspendsAt)} if that goes on`;
  return `${parts(count)} ${count === 1 ? 'waits' : 'wait'} for the repository${long}, and writes go on${until}; the log of the primary says why: look for the destination, its keys and its certificate`;
}

function suspended({ since, givenUp }: ArchiveReport): string {
  const long = since === undefined ? '' : ` since ${at(since)}`;
  const lost = givenUp ? `; ${range(givenUp)} are given up` : '';
  return `archiving is suspended${long}, because the volume was nearly full of log that the repository did not take${lost}; no restore passes what is given up: repair the repository, and back up`;
}

function afterGap({ count, from, to, until }: LogGap & { readonly until: number }): string {
  return `${range({ from, to, count })} were given up until ${at(until)}: nothing after that can be restored before the next backup`;
}

/** Whether a gap of the archive cuts off the latest moments: a backup that began after it ends that. */
function isCutOff({ gap }: ArchiveReport, newestStart: Date | undefined): boolean {
  return gap !== undefined && !(newestStart && newestStart.getTime() > gap.until);
}

/** The latest moment that can be restored, where the archive stands still; undefined while it takes all, or where that is not known. */
export function archivedUntil(seen: Observation, newestStart: Date | undefined): Date | undefined {
  const archive = primaryOf(seen)?.report?.archive;
  if (!archive) return undefined;
  const at = isCutOff(archive, newestStart) ? archive.gap?.archivedUntil : archive.archivedUntil;
  return at === undefined ? undefined : new Date(at);
}

/**
 * A problem of the archive that makes the latest moments impossible to restore; undefined while there is none. A backup that began after
 * a gap ends it.
 */
export function archiveProblem(seen: Observation, newestStart: Date | undefined): ConditionValue | undefined {
  const archive = primaryOf(seen)?.report?.archive;
  if (!archive) return undefined;
  const { state, gap } = archive;
  if (state === 'suspended') return { status: 'False', reason: 'ArchivingSuspended', message: suspended(archive) };
  if (state === 'waiting') return { status: 'False', reason: 'ArchiveWaits', message: waiting(archive) };
  if (!gap || !isCutOff(archive, newestStart)) return undefined;
  return { status: 'False', reason: 'ArchiveGap', message: afterGap(gap) };
}
