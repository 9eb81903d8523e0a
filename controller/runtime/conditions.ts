import { printableLines } from '../../kubernetes/printable.ts';
import { moment } from './hold.ts';

/** A condition of a status, in the form of `metav1.Condition`. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

/** A condition without its time. The message stays the same while nothing changes. */
export type ConditionValue = Pick<Condition, 'status' | 'reason' | 'message'>;

/** The condition Stalled of an object that needs no help of a user. */
export const FREE: ConditionValue = { status: 'False', reason: 'Free', message: 'nothing is in the way' };

/** The schema allows longer messages, but people do not read them. */
const LONGEST = 2000;

/** The object whose conditions are written. */
export interface ConditionedObject {
  readonly generation: number;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The conditions to store: `lastTransitionTime` changes only when the status flips. */
export function conditionsOf(
  { status: stored, generation }: ConditionedObject,
  said: readonly (readonly [type: string, ConditionValue])[],
  now: Date,
): Condition[] {
  const before = stored?.conditions ?? [];
  return said.map(([type, { status, reason, message }]) => {
    const old = before.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message: printableLines(message, LONGEST),
      lastTransitionTime: old?.status === status ? old.lastTransitionTime : moment(now),
      observedGeneration: generation,
    };
  });
}
