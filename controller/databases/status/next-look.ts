import { oldPasswordsShowAt } from '../../credentials/rotation.ts';
import type { Choice } from '../concerns/concern.ts';
import { secretsRecheckAt } from '../state/secrets-recheck.ts';
import type { Observation } from '../observation.ts';
import { failedAt, missedAt } from './backup.ts';

/** Timers take no longer than this; nothing is lost by looking now and then. */
const LONGEST_SECONDS = 86_400;

/** How soon something changes by time alone, in seconds; undefined when nothing does. */
export function nextLook(seen: Observation, choice: Choice | undefined, now: Date): number | undefined {
  const { credentials } = seen;
  const rollingAt = credentials?.membersSince && oldPasswordsShowAt(credentials.membersSince);
  const { renewAt, askAgainAt } = credentials ?? {};
  const names = (seen.rendered ?? []).map((object) => object.askAgainAt);
  const moments = [missedAt(seen), failedAt(seen), renewAt, askAgainAt, rollingAt, secretsRecheckAt(seen), ...names]
    .map((moment) => (moment ? (moment.getTime() - now.getTime()) / 1000 : 0))
    .filter((seconds) => seconds > 0)
    .map((seconds) => Math.ceil(seconds));
  const waiting = choice?.step === undefined && choice?.seconds !== undefined ? [choice.seconds] : [];
  const all = [...moments, ...waiting];
  return all.length === 0 ? undefined : Math.min(...all, LONGEST_SECONDS);
}
