import type { EventSubject, Occurrence } from '../../kubernetes/events.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import type { StepShape } from './concern.ts';
import type { Hold } from './hold.ts';
import type { Progress, StepEffect } from './progress.ts';

/** An object that the controller looks after, as the API server stores it. */
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

/** One look at an object: what is stored of it, and what the runtime remembers of it. A kind adds what it decides from. */
export interface Look {
  readonly object: StoredObject;
  readonly progress: Progress;
}

/**
 * What a look comes to: everything there is to decide from, that the object is gone, that the watches do not know enough
 * yet, or that nothing may be done about it for a while.
 */
export type LookResult<Seen extends Look> =
  | { readonly is: 'seen'; readonly look: Seen }
  | { readonly is: 'gone' }
  | { readonly is: 'not known yet' }
  | { readonly is: 'held'; readonly object: StoredObject; readonly hold: Hold; readonly againMs: number };

/** What to do next about one object, and what its status says meanwhile. */
export interface Decision<Step, Status> {
  /** The single next step; none when there is nothing to do but wait. */
  readonly step?: Step;
  /** A sentence for the log and the event: why this step, or what is waited for. */
  readonly because?: string;
  /** The row of the table of concerns that chose. */
  readonly concern?: string;
  readonly status: Status;
  /** When to look again even if nothing changes. */
  readonly lookAgainAfterSeconds?: number;
}

/** A decision that has a step. */
export type DecisionToAct<Step, Status> = Decision<Step, Status> & { readonly step: Step };

/**
 * What the runtime needs to know of a kind to look after its objects: one pass looks, completes, decides, writes the status
 * and does one step.
 */
export interface Reconciler<Seen extends Look, Step extends StepShape, Status extends object> {
  readonly resource: Resource;
  /** Gathers what is known of an object from watches and memory. It does no I/O. */
  readonly look: (key: string, now: Date) => LookResult<Seen>;
  /** Asks the API server for what no watch shows; whether anything was learnt, so that the pass looks again. */
  readonly complete?: (look: Seen, now: Date) => Promise<boolean>;
  /** Chooses the next step. Pure: the same look gives the same decision. */
  readonly decide: (look: Seen, now: Date) => Decision<Step, Status>;
  /** Does one step over this version of the object. Rejected with an ApiError or a CallFailure when it failed. */
  readonly act: (step: Step, look: Seen, resourceVersion: string) => Promise<StepEffect>;
  /** How a step acts: one that only reads is done before the status is written, one that takes minutes leaves its worker. */
  readonly mannerOf: (step: Step) => 'reads' | 'writes' | 'takes minutes';
  /** What a step is about: the same for every try of it, whatever has become of the object meanwhile. */
  readonly subjectOf: (step: Step) => string;
  /** The event of a step that was done; undefined for bookkeeping. */
  readonly eventOfStep: (decision: DecisionToAct<Step, Status>) => Occurrence | undefined;
  /** The event of a step that failed with this problem. */
  readonly eventOfFailure: (step: Step, problem: string) => Occurrence;
  /** The events of what a status says anew. */
  readonly eventsOfStatus: (before: object | undefined, after: Status) => Occurrence[];
  /** Which version of an object of the kind the watches show; undefined when they show none. */
  readonly versionOf: (key: string) => string | undefined;
  /** The object as it is stored, for a report when no look was possible; undefined when it is gone. */
  readonly stored: (key: string) => StoredObject | undefined;
  /** Is told of each pass that tells its status, for metrics of the kind. */
  readonly onDecision?: (look: Seen) => void;
  /** Is told of each status that was written, for metrics of the kind. */
  readonly onStatusWritten?: (look: Seen, status: Status) => void;
  /** Forgets an object that is gone. */
  readonly forget: (key: string) => void;
}

/** The object as events name it. */
export function eventSubject({ group, version, kind }: Resource, { namespace, name, uid }: StoredObject): EventSubject {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, namespace, name, uid };
}
