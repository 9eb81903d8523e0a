import type { EventSubject, Occurrence } from '../../kubernetes/events.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import type { StepShape } from './concern.ts';
import type { Hold } from './hold.ts';
import type { Progress, StepEffect } from './progress.ts';

/** An object that the controller reconciles, as the API server stores it. */
export interface StoredObject {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly status?: object;
}

/** One look at an object: its stored state, and the runtime's memory of it. A kind adds the fields that its decisions need. */
export interface Look {
  readonly object: StoredObject;
  readonly progress: Progress;
}

/** The result of a look: the observation, or that the object is gone, that the watches are incomplete, or that the object is on hold. */
export type LookResult<Seen extends Look> =
  | { readonly is: 'seen'; readonly look: Seen }
  | { readonly is: 'gone' }
  | { readonly is: 'not known yet' }
  | { readonly is: 'held'; readonly object: StoredObject; readonly hold: Hold; readonly againMs: number };

/** The next step for one object, and its status meanwhile. */
export interface Decision<Step, Status> {
  /** The single next step; absent when there is only waiting. */
  readonly step?: Step;
  /** A sentence for the log and the event: the reason of the step, or of the wait. */
  readonly because?: string;
  /** The row of the table of concerns that chose. */
  readonly concern?: string;
  readonly status: Status;
  /** When to look again without an event. */
  readonly lookAgainAfterSeconds?: number;
}

/** A decision that has a step. */
export type DecisionToAct<Step, Status> = Decision<Step, Status> & { readonly step: Step };

/**
 * Everything that the runtime needs to reconcile objects of a kind: one pass looks, completes, decides, writes the status and does one
 * step.
 */
export interface Reconciler<Seen extends Look, Step extends StepShape, Status extends object> {
  readonly resource: Resource;
  /** Gathers the observation of an object from watches and memory, without I/O. */
  readonly look: (key: string, now: Date) => LookResult<Seen>;
  /** Asks the API server for facts that no watch shows; returns whether it learnt any, so that the pass looks again. */
  readonly complete?: (look: Seen, now: Date) => Promise<boolean>;
  /** Chooses the next step. Pure: the same look gives the same decision. */
  readonly decide: (look: Seen, now: Date) => Decision<Step, Status>;
  /** Does one step at this version of the object. Rejects with an ApiError or a CallFailure when the step failed. */
  readonly act: (step: Step, look: Seen, resourceVersion: string) => Promise<StepEffect>;
  /** How a step acts: one that only reads runs before the status is written, one that takes minutes leaves its worker. */
  readonly mannerOf: (step: Step) => 'reads' | 'writes' | 'takes minutes';
  /** The subject of a step: the same for every try, whatever has happened to the object meanwhile. */
  readonly subjectOf: (step: Step) => string;
  /** The event of a step that was done; undefined for bookkeeping. */
  readonly eventOfStep: (decision: DecisionToAct<Step, Status>) => Occurrence | undefined;
  /** The event of a step that failed with this problem. */
  readonly eventOfFailure: (step: Step, problem: string) => Occurrence;
  /** The events for changes of a status. */
  readonly eventsOfStatus: (before: object | undefined, after: Status) => Occurrence[];
  /** The version of an object that the watches show; undefined when they show none. */
  readonly versionOf: (key: string) => string | undefined;
  /** The stored object, for a report when no look was possible; undefined when it is gone. */
  readonly stored: (key: string) => StoredObject | undefined;
  /** Called in each pass that writes its status, for metrics of the kind. */
  readonly onDecision?: (look: Seen) => void;
  /** Called after each write of a status, for metrics of the kind. */
  readonly onStatusWritten?: (look: Seen, status: Status) => void;
  /** Forgets a deleted object. */
  readonly forget: (key: string) => void;
}

/** The object as events reference it. */
export function eventSubject({ group, version, kind }: Resource, { namespace, name, uid }: StoredObject): EventSubject {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, namespace, name, uid };
}
