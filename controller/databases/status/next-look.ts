import { oldPasswordsShowAt } from '../../credentials/rotation.ts';
import type { Choice } from '../concerns/concern.ts';
import { secretsRecheckAt } from '../state/secrets-recheck.ts';
import type { Observation } from '../observation.ts';
import { failedAt, missedAt } from './backup.ts';

/** Timers cannot be longer; an occasional look does no harm. */
const LONGEST_SECONDS = 86_400;

/** Seconds until something changes by time alone; undefined when nothing does. */
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
