import { FINALIZER } from '../../../../../database/vocabulary.ts';
import type { Database } from '../../../../../database/object.ts';
import type { DatabaseStatus } from '../../../../../database/types.ts';
import type { Configuration } from '../../../../../controller/databases/state/configuration.ts';
import type { SecretSeen } from '../../../../../controller/databases/observation.ts';
import { UID, database } from '../../../observations.ts';

/** Settings that take a restart, in this world. The first is one in which standbys follow their primary. */
export const SETTINGS = ['max_connections', 'max_files_per_process'] as const;

/** Values of the settings. */
export type Values = Record<string, number>;

/** A pod and the server in it. */
export interface SimPod {
  readonly name: string;
  readonly ordinal: number;
  readonly uid: string;
  version: number;
  readonly createdAt: number;
  readonly template: string;
  deleting: boolean;
  server: 'waiting' | 'running' | 'terminated';
  restarts: number;
  startedAt?: number;
  finishedAt?: number;
  ready: boolean;
  readyChangedAt: number;
  label?: 'primary' | 'replica' | undefined;
  /** What Patroni writes about itself; absent before it ran. */
  state?: 'running' | 'starting' | undefined;
  role?: 'primary' | 'replica' | undefined;
  streaming: boolean;
  timeline: number;
  runs: Values;
  taken: Values;
}

/** A claim and the volume behind it. */
export interface SimClaim {
  readonly name: string;
  readonly ordinal: number;
  readonly uid: string;
  version: number;
  requested: bigint;
  capacity: bigint;
  owner?: string | undefined;
  systemIdentifier?: string | undefined;
  /** Data that lie on it: a cluster's identifier. */
  data?: string | undefined;
}

/** An object that is rendered and holds nothing. */
export interface SimObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  version: number;
  content: string;
}

/** Everything there is. The controller sees it late and in parts; all others see it as it is. */
export interface World {
  now: number;
  version: number;
  uids: number;
  readonly direct: boolean;
  readonly expandable: boolean;
  gone: boolean;
  own: {
    spec: Database['spec'];
    annotations: Record<string, string>;
    version: number;
    generation: number;
    finalizers: string[];
    deletedAt?: number;
    status?: DatabaseStatus;
  };
  /** What render makes of the pods; and of which templates pods never serve. */
  template: string;
  broken: string[];
  workload?:
    | { uid: string; version: number; generation: number; observed: number; replicas: number; template: string }
    | undefined;
  pods: SimPod[];
  claims: SimClaim[];
  objects: SimObject[];
  secrets: Record<string, SecretSeen>;
  leader?:
    | {
        version: number;
        member?: string | undefined;
        /** Which process took the lock: uid of its pod, and how often that had restarted. */
        process: string;
        acquiredAt: number;
        renewedAt: number;
        transitions: number;
        slots: string[];
      }
    | undefined;
  config?: { version: number; config: Configuration; systemIdentifier?: string; configuredAt?: number } | undefined;
  failover?: { version: number; from?: string | undefined; to?: string | undefined } | undefined;
  sync: string[];
  /** Whose lock it was last: without synchronous standbys it alone may come back. */
  lastLeader?: string | undefined;
  /** What should never have happened. */
  damage: string[];
}

/** An empty world in which a Database was just made. */
export function emptyWorld(options: {
  direct: boolean;
  expandable?: boolean;
  spec?: Partial<Database['spec']>;
}): World {
  return {
    now: Date.parse('2026-11-21T12:00:00Z'),
    version: 1,
    uids: 0,
    direct: options.direct,
    expandable: options.expandable ?? true,
    gone: false,
    own: {
      spec: database(options.spec).spec,
      annotations: {},
      version: 1,
      generation: 1,
      finalizers: [],
    },
    template: 'first',
    broken: [],
    pods: [],
    claims: [],
    objects: [],
    secrets: {},
    sync: [],
    damage: [],
  };
}

/** The Database's uid, which is always the same. */
export const OWN_UID = UID;

/** The next resourceVersion. */
export function bump(world: World): number {
  world.version += 1;
  return world.version;
}

/** A uid that nothing has had. */
export function newUid(world: World): string {
  world.uids += 1;
  return `uid-${world.uids}`;
}

/** Which process runs in a pod; undefined when none does. */
export function processOf(pod: SimPod | undefined): string | undefined {
  return pod?.server === 'running' ? `${pod.uid}/${pod.restarts}` : undefined;
}

/** How many members are wanted. */
export function wanted({ own }: World): number {
  return own.annotations['db.example.com/hibernate'] === 'true' ? 0 : (own.spec.replicas ?? 1);
}

/** Whether nothing but the controller keeps the Database from going. */
export function mayGo({ own }: World): boolean {
  return own.deletedAt !== undefined && !own.finalizers.includes(FINALIZER);
}
