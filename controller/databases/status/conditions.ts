import type { DatabaseStatus } from '../../../database/types.ts';
import { moment } from '../../runtime/hold.ts';
import { printableLines } from '../../../kubernetes/printable.ts';
import type { Observation } from '../observation.ts';

/** A condition as it is stored. */
export type Condition = NonNullable<DatabaseStatus['conditions']>[number];

/** A condition without its time. The message stays the same while nothing changes. */
export type ConditionValue = Pick<Condition, 'status' | 'reason' | 'message'>;

/** Conditions of a Database, in the order in which they are listed. */
export type ConditionType =
  | 'Ready'
  | 'Reconciling'
  | 'Stalled'
  | 'WorkloadMayChange'
  | 'ReplicationHealthy'
  | 'BackupHealthy'
  | 'StorageReady'
  | 'Hibernated'
  | 'Trimmed';

/** The schema allows longer messages, but people do not read them. */
const LONGEST = 2000;

/** The conditions to store: `lastTransitionTime` changes only when the status flips. */
export function conditionsOf(
  { own }: Observation,
  said: readonly (readonly [ConditionType, ConditionValue])[],
  now: Date,
): Condition[] {
  const before = own.status?.conditions ?? [];
  return said.map(([type, { status, reason, message }]) => {
    const old = before.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message: printableLines(message, LONGEST),
      lastTransitionTime: old?.status === status ? old.lastTransitionTime : moment(now),
      observedGeneration: own.generation,
    };
  });
}
