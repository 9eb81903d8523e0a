import type { EngineFacts } from '../../database/engines/index.ts';
import type { JsonObject } from '../cluster/json-path.ts';
import type { Step } from '../databases/decision.ts';
import type * as table from '../runtime/concern.ts';

/** A setting that needs a restart, with its running and its wanted value. */
export interface WaitingSetting {
  readonly name: string;
  readonly runs: string;
  readonly wanted: string;
  /** Whether a standby can apply the wanted value only after its primary has. */
  readonly primaryFirst: boolean;
}

/** A range of the log that the repository lacks, by the engine's names of its parts. */
export interface LogGap {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** The report of a leader about the archive of its log. Times are in milliseconds. */
export interface ArchiveReport {
  /** Whether parts of the log are archived, wait for minutes, or are given up because the volume would fill. */
  readonly state: 'archiving' | 'waiting' | 'suspended';
  /** Since when parts wait or are given up. */
  readonly since?: number;
  /** The moment up to which all of the log is archived, while parts wait or are given up, where it is known. */
  readonly archivedUntil?: number;
  /** When the volume will be nearly full of what waits, if as much is written as since then; archiving is suspended then. */
  readonly suspendsAt?: number;
  /** The number of parts that wait or were given up. */
  readonly count?: number;
  /** The parts that were given up so far. */
  readonly givenUp?: LogGap;
  /** The last range that was given up, and when that ended. */
  readonly gap?: LogGap & { readonly until: number; readonly archivedUntil?: number };
}

/**
 * The report of the first process in a member's pod about its server, in an annotation of the pod. The format is the same for every
 * engine; each control parses its own engine's annotation.
 */
export interface MemberReport {
  readonly role: 'primary' | 'standby' | 'none';
  /** Whether the server accepts connections. */
  readonly runs: boolean;
  /** Whether it is a standby that follows the primary without a gap. */
  readonly follows: boolean;
  /** Number of the history that the member is on; a promotion raises it. PostgreSQL's timeline. */
  readonly term?: number;
  /** Position in the WAL, in bytes. */
  readonly position?: bigint;
  readonly pendingRestart: boolean;
  /** The settings that wait for the restart. */
  readonly waiting?: readonly WaitingSetting[];
  /** The archive of the log, as the leader sees it; absent while backups are off. */
  readonly archive?: ArchiveReport;
}

/** The choice of a control: a step, or a reason to wait. */
export type Choice = table.Choice<Step>;

/**
 * The leadership of an engine that replicates. The engine keeps the consensus and elects; these functions read its state, and choose
 * steps that ask the engine for a change.
 */
export interface ReplicationControl<Seen, Pod> {
  /** The program that leads the members, for messages. */
  readonly manager: string;
  /** Whether a user has paused it: it then performs no switchover, and the controller requests none. */
  readonly isPaused: (seen: Seen) => boolean;
  /** Releases the leader lock of a primary whose death is proven. */
  readonly releaseLockOfDeadLeader: (seen: Seen) => Choice | undefined;
  /** Removes the role label of the primary from a pod that lost the role. */
  readonly relabelFormerPrimary: (seen: Seen, now: Date) => Choice | undefined;
  /** Applies the settings of the spec to running members; `allSynchronous` is a temporary override for a switchover. */
  readonly configure: (seen: Seen, overrides: { readonly allSynchronous: boolean }) => Choice | undefined;
  /** Whether the members have the settings of the spec, and had the time to report which of them wait for a restart. */
  readonly isConfigurationTakenUp: (seen: Seen, now: Date) => boolean;
  /** Whether commits would wait for the former primary if this standby took over now. */
  readonly isCatchingUp: (seen: Seen, standby: Pod) => boolean;
  /** The number of members that must run so that one of them may lead; 0 when enough do. */
  readonly membersToLead: (seen: Seen) => number;
}

/** The controller's control of the members of one engine. Pure: it reads the observation, and chooses. */
export interface EngineControl<Seen, Pod> {
  readonly facts: EngineFacts;
  /** Parses a member's report from the annotations of its pod; undefined without one. */
  readonly report: (annotations: JsonObject) => MemberReport | undefined;
  /** Name of the leader, alive or not; undefined without one. */
  readonly leaderOf: (seen: Seen) => string | undefined;
  /** Whether a member has initialised the cluster, or taken over an existing one. */
  readonly isInitialized: (seen: Seen) => boolean;
  /** Whether a serving member also leads or follows as it should. */
  readonly isInPlace: (seen: Seen, member: Pod) => boolean;
  /** Whether a serving leader accepts writes, and the Services lead to it. */
  readonly takesWrites: (leader: Pod) => boolean;
  /** The engine's identifier of its data; undefined without data, or where the engine has none. */
  readonly dataIdentifier: (seen: Seen) => string | undefined;
  /** Absent for an engine with a single member per Database. */
  readonly replication?: ReplicationControl<Seen, Pod>;
}
