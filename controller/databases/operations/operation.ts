import type { DatabaseStatus } from '../../../database/types.ts';
import type { Choice, Concern } from '../concerns/concern.ts';
import { chooseFrom } from '../concerns/concern.ts';
import type { Observation } from '../observation.ts';

/** A condition that an operation needs before its first step, and until its end. */
export interface Gate {
  /** Reason of the condition `Stalled` while the gate is shut. */
  readonly reason: string;
  /** Why the gate is shut, and the remedy, as clauses for people; undefined when it is open. */
  readonly check: (seen: Observation) => GateProblem | undefined;
}

/** Why a gate is shut. */
export interface GateProblem {
  readonly problem: string;
  readonly remedy: string;
}

type Noted = NonNullable<DatabaseStatus['operation']>;

/** A procedure that has a Database to itself until it ends: no concern that follows from the spec acts meanwhile. */
export interface Operation {
  readonly name: Required<Noted>['name'];
  /** The name of the operation at the beginning of a message: `the deletion`. */
  readonly title: string;
  /** Whether the operation is requested. */
  readonly isWanted: (seen: Observation) => boolean;
  /** Checked at each look, in this order. */
  readonly gates: readonly Gate[];
  /** The steps, in this order. */
  readonly way: readonly Concern[];
}

/** A shut gate. */
export interface ShutGate {
  readonly reason: string;
  readonly message: string;
}

/** The first gate that blocks a requested operation. */
export function shutGateOf({ title, isWanted, gates }: Operation, seen: Observation): ShutGate | undefined {
  if (!isWanted(seen)) return undefined;
  for (const { reason, check } of gates) {
    const found = check(seen);
    if (found) return { reason, message: `${title} waits: ${found.problem}; ${found.remedy}` };
  }
  return undefined;
}

/** Whether an operation has the Database to itself. */
export function isUnderWay(operation: Operation, seen: Observation): boolean {
  return operation.isWanted(seen) && shutGateOf(operation, seen) === undefined;
}

/** The next step of an operation; its waits stop every later concern. */
export function nextOf({ way }: Operation, seen: Observation, now: Date): Choice | undefined {
  const choice = chooseFrom(way, seen, now);
  return choice?.step ? choice : choice && { ...choice, stops: true };
}

/** The operation in the status: its current step, and the time of its start. */
export function notedOperation(
  { name }: Operation,
  { before, step, now }: { readonly before: Noted | undefined; readonly step: string; readonly now: string },
): Required<Noted> {
  const known = before?.name === name ? before : undefined;
  const since = known?.step === step ? known.since : undefined;
  return { name, startTime: known?.startTime ?? now, step, since: since ?? now };
}
