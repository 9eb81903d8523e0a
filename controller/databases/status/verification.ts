import type { DatabaseStatus } from '../../../database/types.ts';
import type { Verification } from '../../cluster/verification.ts';
import { moment } from '../../runtime/hold.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';

/** The latest verification, where one is asked for and it is of the present repository. */
function verificationOf({ own, repository, verification }: Observation): Verification | undefined {
  if (!own.database.spec.backup?.verify || repository === undefined) return undefined;
  return verification?.repository === repository ? verification : undefined;
}

/** The condition after a verification that failed; undefined otherwise. The next one that succeeds ends it. */
export function verificationFailed(seen: Observation): ConditionValue | undefined {
  const verification = verificationOf(seen);
  if (!verification || verification.succeeded) return undefined;
  const { at, label, reason = 'it gave no reason' } = verification;
  const message = `the verification of ${label ?? 'the newest backup'} failed at ${moment(new Date(at))}: ${reason}`;
  return { status: 'False', reason: 'VerificationFailed', message };
}

/** The latest verification, as the status shows it. The teardown takes the report away, and what it said stays. */
export function lastVerified(seen: Observation): Pick<DatabaseStatus, 'lastVerified'> {
  const verification = verificationOf(seen);
  const { operation, lastVerified: before } = seen.own.status ?? {};
  if (!verification) return before && operation?.name === 'teardown' ? { lastVerified: before } : {};
  const { at, label, succeeded } = verification;
  const result = succeeded ? 'Succeeded' : 'Failed';
  return { lastVerified: { ...(label !== undefined && { name: label }), time: moment(new Date(at)), result } };
}
