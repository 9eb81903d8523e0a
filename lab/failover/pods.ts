import { ROLE_LABEL } from '../../database/vocabulary.ts';
import type { Attempt } from './attempt.ts';

/** The observed state of a member's pod. */
export interface MemberPod {
  readonly name: string;
  readonly uid: string;
  readonly address: string | undefined;
  readonly node: string | undefined;
  /** Value of its role label. */
  readonly role: string | undefined;
  readonly ready: boolean;
  /** Whether its deletion was asked for. */
  readonly leaving: boolean;
  /** Identifier of the container that the database runs in. */
  readonly container: string | undefined;
  readonly restarts: number;
}

/** How many members a Database of this measurement has. */
const MEMBERS = 3;

const CONTAINER = 'postgresql';
/** A witness without a report for this long does not count. */
const FRESH_MS = 1500;

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly containerID?: string;
      readonly restartCount: number;
    }[];
  };
}

/** Parses the relevant fields of a pod. */
export function readPod(raw: unknown): MemberPod {
  const { metadata, spec, status = {} } = raw as RawPod;
  const container = status.containerStatuses?.find(({ name }) => name === CONTAINER);
  return {
    name: metadata.name,
    uid: metadata.uid,
    address: status.podIP,
    node: spec.nodeName,
    role: metadata.labels?.[ROLE_LABEL],
    ready: status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    leaving: metadata.deletionTimestamp !== undefined,
    container: container?.containerID?.replace('containerd://', ''),
    restarts: container?.restartCount ?? 0,
  };
}

/** Whether Kubernetes reports all members ready, one of them the primary. */
export function areReady(pods: readonly MemberPod[]): boolean {
  const fine = pods.filter(({ ready, leaving }) => ready && !leaving);
  return fine.length === MEMBERS && fine.filter(({ role }) => role === 'primary').length === 1;
}

/**
 * Whether all members are healthy: ready, and by the witnesses' latest reports the primary accepts writes and all others stream from it.
 * `now` is on the clock of the attempts.
 */
export function areWhole(pods: readonly MemberPod[], latest: ReadonlyMap<string, Attempt>, now: number): boolean {
  if (!areReady(pods)) return false;
  return pods.every(({ node = '', role, address }) => {
    const seen = latest.get(node);
    if (!seen || seen.server !== address || now - seen.end > FRESH_MS) return false;
    if (role !== 'primary') return seen.recovering === true;
    return seen.recovering === false && seen.acknowledged && seen.streaming === MEMBERS - 1;
  });
}

/** Describes each change of a pod in words. */
export function podChanges(before: MemberPod | undefined, after: MemberPod | undefined): string[] {
  const name = (after ?? before)?.name ?? '';
  if (!after) return [`${name} is gone`];
  if (before?.uid !== after.uid) return [`${name} is made`];
  const told = (key: keyof MemberPod, text: string): string[] =>
    before[key] === after[key] ? [] : [`${name} ${text}`];
  return [
    ...told('leaving', 'is asked to end'),
    ...told('node', `is placed on ${String(after.node)}`),
    ...told('role', `changes its role: ${before.role ?? 'none'} → ${after.role ?? 'none'}`),
    ...told('restarts', 'has its container started again'),
    ...told('ready', after.ready ? 'is ready' : 'is not ready any more'),
  ];
}
