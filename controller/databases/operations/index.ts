import type { Observation } from '../observation.ts';
import type { Operation, ShutGate } from './operation.ts';
import { isUnderWay, shutGateOf } from './operation.ts';
import { teardown } from './teardown.ts';

/** The operations, in the order in which they have precedence; at most one is under way. */
const OPERATIONS: readonly Operation[] = [teardown];

/** The operation that has the Database to itself; undefined when none is under way. */
export function operationUnderWay(seen: Observation): Operation | undefined {
  return OPERATIONS.find((operation) => isUnderWay(operation, seen));
}

/** The gate that keeps an operation waiting that somebody asks for; undefined when none does. */
export function shutGate(seen: Observation): ShutGate | undefined {
  for (const operation of OPERATIONS) {
    const gate = shutGateOf(operation, seen);
    if (gate) return gate;
  }
  return undefined;
}

/** Whether the Database is being taken down. */
export function isTearingDown(seen: Observation): boolean {
  return operationUnderWay(seen) === teardown;
}
