import type { DatabaseStatus } from '../../../database/types.ts';
import type { Choice, Concern } from '../concerns/concern.ts';
import { chooseFrom } from '../concerns/concern.ts';
import type { Observation } from '../observation.ts';

/** What an operation waits for before it does anything, and goes on waiting for until it has ended. */
export interface Gate {
  /** Reason of the condition `Stalled` while the gate is shut. */
  readonly reason: string;
  /** What keeps the gate shut, and what to do, as clauses for people; undefined when it is open. */
  readonly check: (seen: Observation) => GateProblem | undefined;
}

/** Why a gate is shut. */
export interface GateProblem {
  readonly problem: string;
  readonly remedy: string;
}

type Noted = NonNullable<DatabaseStatus['operation']>;

/** A procedure that has a Database to itself until it ends: no concern outside of it that follows from the spec acts meanwhile. */
export interface Operation {
  readonly name: Required<Noted>['name'];
  /** The operation as a message begins with it: `the deletion`. */
  readonly title: string;
  /** Whether somebody asks for it. */
  readonly isWanted: (seen: Observation) => boolean;
  /** Asked at each look, in this order. */
  readonly gates: readonly Gate[];
  /** What is done, in this order. */
  readonly way: readonly Concern[];
}

/** A gate that is shut. */
export interface ShutGate {
  readonly reason: string;
  readonly message: string;
}

/** The first gate that keeps an operation from beginning although somebody asks for it. */
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

/** The next step of an operation; what it waits for stops every concern that comes after it. */
export function nextOf({ way }: Operation, seen: Observation, now: Date): Choice | undefined {
  const choice = chooseFrom(way, seen, now);
  return choice?.step ? choice : choice && { ...choice, stops: true };
}

/** How an operation is noted in the status: the step that goes on, and since when. */
export function notedOperation(
  { name }: Operation,
  { before, step, now }: { readonly before: Noted | undefined; readonly step: string; readonly now: string },
): Required<Noted> {
  const known = before?.name === name ? before : undefined;
  const since = known?.step === step ? known.since : undefined;
  return { name, startTime: known?.startTime ?? now, step, since: since ?? now };
}
