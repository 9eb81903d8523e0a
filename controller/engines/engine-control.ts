import type { EngineFacts } from '../../database/engines/index.ts';
import type { JsonObject } from '../cluster/json-path.ts';
import type { Step } from '../databases/decision.ts';
import type * as table from '../runtime/concern.ts';

/** A setting that takes a restart, with the value that runs and the one that is wanted. */
export interface WaitingSetting {
  readonly name: string;
  readonly runs: string;
  readonly wanted: string;
  /** Whether a standby can take the wanted value up only after its primary has. */
  readonly primaryFirst: boolean;
}

/**
 * What the first process in a member's pod reports about its server, in an annotation of the pod. The format is the same for
 * every engine; each control reads its own engine's annotation.
 */
export interface MemberReport {
  readonly role: 'primary' | 'standby' | 'none';
  /** Whether the server takes connections. */
  readonly runs: boolean;
  /** Whether it is a standby that follows the primary without a gap. */
  readonly follows: boolean;
  /** Number of the history that it is on; a promotion raises it. PostgreSQL's timeline. */
  readonly term?: number;
  /** Position in the log of changes, in bytes. */
  readonly position?: bigint;
  readonly pendingRestart: boolean;
  /** The settings that wait for the restart. */
  readonly waiting?: readonly WaitingSetting[];
}

/** What a control chooses: a step, or something that it waits for. */
export type Choice = table.Choice<Step>;

/**
 * How the members of an engine that replicates are led. The engine keeps the consensus: it elects, and these read what it
 * says, and choose steps that ask it for something.
 */
export interface ReplicationControl<Seen, Pod> {
  /** The program that leads the members, as messages name it. */
  readonly manager: string;
  /** Whether a person has paused it: it then switches over to no member, and the controller must not either. */
  readonly isPaused: (seen: Seen) => boolean;
  /** Frees the leader lock of a primary whose death is proven. */
  readonly releaseLockOfDeadLeader: (seen: Seen) => Choice | undefined;
  /** Takes the label of a primary from a pod that is none any more. */
  readonly relabelFormerPrimary: (seen: Seen, now: Date) => Choice | undefined;
  /** Carries the settings of the spec to the members that run; `allSynchronous` for the moment that a switchover needs it. */
  readonly configure: (seen: Seen, overrides: { readonly allSynchronous: boolean }) => Choice | undefined;
  /** Whether the members have the settings of the spec, and have had the time to say which of them wait for a restart. */
  readonly isConfigurationTakenUp: (seen: Seen, now: Date) => boolean;
  /** Whether commits would wait for the former primary if this standby took over now. */
  readonly isCatchingUp: (seen: Seen, standby: Pod) => boolean;
  /** How many members have to run so that one of them may lead; 0 when enough do. */
  readonly membersToLead: (seen: Seen) => number;
}

/** How the controller looks after the members of one engine. Pure: it reads what was seen, and chooses. */
export interface EngineControl<Seen, Pod> {
  readonly facts: EngineFacts;
  /** Reads a member's report from the annotations of its pod; undefined while there is none. */
  readonly report: (annotations: JsonObject) => MemberReport | undefined;
  /** Name of the member that leads, alive or not; undefined while none does. */
  readonly leaderOf: (seen: Seen) => string | undefined;
  /** Whether a member has made the cluster, or has taken up an old one. */
  readonly isInitialized: (seen: Seen) => boolean;
  /** Whether a member that serves also leads or follows as it should. */
  readonly isInPlace: (seen: Seen, member: Pod) => boolean;
  /** Whether a leader that serves takes writes, and the Services lead to it. */
  readonly takesWrites: (leader: Pod) => boolean;
  /** The identifier that the engine gave its data; undefined while there are none, or where it gives none. */
  readonly dataIdentifier: (seen: Seen) => string | undefined;
  /** Absent for an engine of which a Database has a single member. */
  readonly replication?: ReplicationControl<Seen, Pod>;
}
