import { ROLE_LABEL } from '../../generator/metadata.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import type { MemberPod, PatroniMember, ServerContainer, WaitingSetting } from '../observation.ts';
import type { Kept } from './kept.ts';
import { keptOf, nameIn, ordinalOf } from './kept.ts';
import type { Raw, Timed } from './raw.ts';
import { at, dateOf, listAt, parseRecord, present, recordAt, textAt, timeAt, wholeAt, wordAt } from './raw.ts';

type ServerKept = Timed<ServerContainer>;
type MemberKept = Timed<Omit<MemberPod, 'server'>> & { readonly server?: ServerKept };

/** What is kept of a pod. */
export interface PodKept extends Kept {
  readonly pod: MemberKept;
}

/** A pod as decisions read it. */
export function podOf({ pod: { createdAt, readyChangedAt, server, ...rest } }: PodKept): MemberPod {
  return {
    ...rest,
    createdAt: new Date(createdAt),
    ...present({ readyChangedAt: dateOf(readyChangedAt), server: server && containerOf(server) }),
  };
}

function containerOf({ startedAt, finishedAt, ...rest }: ServerKept): ServerContainer {
  return { ...rest, ...present({ startedAt: dateOf(startedAt), finishedAt: dateOf(finishedAt) }) };
}

const STATES = ['terminated', 'running'] as const;

function serverOf(status: Raw): ServerKept {
  const state = STATES.find((name) => status['state'] !== undefined && name in recordAt(status, 'state')) ?? 'waiting';
  const now = recordAt(status, 'state', state);
  const before = recordAt(status, 'lastState', 'terminated');
  return {
    state,
    restarts: wholeAt(status, 'restartCount') ?? 0,
    ...present({
      reason: wordAt(now, 'reason'),
      startedAt: timeAt(now, 'startedAt'),
      finishedAt: timeAt(now, 'finishedAt') ?? timeAt(before, 'finishedAt'),
    }),
  };
}

/** A setting's value as Patroni writes it: text; what is none is shown as JSON. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function waitingIn(status: Raw): WaitingSetting[] | undefined {
  if (status['pending_restart_reason'] === undefined) return undefined;
  return Object.entries(recordAt(status, 'pending_restart_reason')).map(([name, values]) => ({
    name,
    runs: shown(at(values, 'old_value')),
    wanted: shown(at(values, 'new_value')),
  }));
}

/** Reads the annotation that Patroni keeps on its pod; undefined while it has not written one. */
function patroniOf(text: string | undefined): PatroniMember | undefined {
  if (text === undefined) return undefined;
  const status = parseRecord(text);
  const position = wholeAt(status, 'xlog_location');
  return {
    state: wordAt(status, 'state') ?? '',
    role: wordAt(status, 'role') ?? '',
    pendingRestart: status['pending_restart'] === true,
    ...present({
      timeline: wholeAt(status, 'timeline'),
      position: position === undefined ? undefined : BigInt(position),
      replication: wordAt(status, 'replication_state'),
      waiting: waitingIn(status),
    }),
  };
}

function readinessOf(raw: KubernetesObject): Pick<MemberKept, 'ready' | 'readyChangedAt'> {
  const condition = listAt(raw['status'], 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  const ready = textAt(condition, 'status') === 'True';
  return { ready, ...present({ readyChangedAt: timeAt(condition, 'lastTransitionTime') }) };
}

/** Keeps what decisions need of a member's pod; nothing of other pods of a Database, such as a backup's. */
export function projectPod(raw: KubernetesObject): PodKept | undefined {
  const kept = keptOf(raw);
  const { name, labels = {}, annotations = {}, deletionTimestamp } = raw.metadata;
  const ordinal = kept && ordinalOf(name, nameIn(kept.owner));
  if (!kept || ordinal === undefined || labels['app.kubernetes.io/component'] !== 'database') return undefined;
  const statuses = listAt(raw['status'], 'containerStatuses');
  // The engine's container is called like the engine.
  const server = statuses.find((status) => textAt(status, 'name') === labels['app.kubernetes.io/name']);
  const pod: MemberKept = {
    name,
    ordinal,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    createdAt: timeAt(raw.metadata, 'creationTimestamp') ?? 0,
    deleting: deletionTimestamp !== undefined,
    ...readinessOf(raw),
    ...present({
      node: wordAt(raw['spec'], 'nodeName'),
      account: wordAt(raw['spec'], 'serviceAccountName'),
      role: wordAt(labels, ROLE_LABEL),
      revision: wordAt(labels, 'controller-revision-hash'),
      version: wordAt(labels, 'app.kubernetes.io/version'),
      server: server === undefined ? undefined : serverOf(recordAt(server)),
      patroni: patroniOf(annotations['status']),
    }),
  };
  return { ...kept, pod };
}
