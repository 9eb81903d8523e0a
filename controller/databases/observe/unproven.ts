import type { DatabaseStatus } from '../../../database/types.ts';
import { deletionProven } from '../../../policies/rules/deletion-proven.ts';
import type { Observation } from '../observation.ts';
import { lastVerified } from '../status/verification.ts';

/** When the teardown that is noted in the status began; undefined while none is. */
function begunAt({ operation }: DatabaseStatus): Date | undefined {
  if (operation?.name !== 'teardown' || operation.startTime === undefined) return undefined;
  return new Date(operation.startTime);
}

/**
 * Why the backups of a Database whose deletion is requested do not count as verified; nothing when they do, or need not. A verification
 * that was young enough when the teardown began stays so: it must not stop half-way.
 */
export function unprovenDeletion(seen: Observation, now: Date): Pick<Observation, 'unproven'> {
  const { database, deletionRequestedAt, status = {} } = seen.own;
  if (!deletionRequestedAt) return {};
  const stored = { ...database, status: lastVerified(seen) };
  const [found] = deletionProven.check(stored, undefined, { now: begunAt(status) ?? now });
  if (!found) return {};
  const { problem, remedy = deletionProven.remedy } = found;
  return { unproven: { problem, remedy } };
}
