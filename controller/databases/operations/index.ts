import type { Observation } from '../observation.ts';
import type { Operation, ShutGate } from './operation.ts';
import { isUnderWay, shutGateOf } from './operation.ts';
import { restore } from './restore.ts';
import { teardown } from './teardown.ts';

/** The operations in order of precedence; at most one is under way. */
const OPERATIONS: readonly Operation[] = [teardown, restore];

/** The operation that has the Database to itself; undefined when none is under way. */
export function operationUnderWay(seen: Observation): Operation | undefined {
  return OPERATIONS.find((operation) => isUnderWay(operation, seen));
}

/** The gate that blocks a requested operation; undefined when none does. */
export function shutGate(seen: Observation): ShutGate | undefined {
  for (const operation of OPERATIONS) {
    const gate = shutGateOf(operation, seen);
    if (gate) return gate;
  }
  return undefined;
}

/** Whether a restore in place is under way. */
export function isRestoring(seen: Observation): boolean {
  return operationUnderWay(seen) === restore;
}

/** Whether the teardown is under way. */
export function isTearingDown(seen: Observation): boolean {
  return operationUnderWay(seen) === teardown;
}
