import { ROLE_LABEL } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { MemberPod, PatroniMember, ServerContainer, WaitingSetting } from '../databases/observation.ts';
import type { Projection } from './projection.ts';
import { projectionOf, nameIn } from './projection.ts';
import type { JsonObject, WithTimesInMs } from './json-path.ts';
import { dateOf, holdsAt, isAt, listAt, withoutAbsent, read, recordAt, wordAt } from './json-path.ts';
import { isTooLarge, jsonRecord, message, objectName, ordinalOf, position, time, whole, word } from './values.ts';

type ContainerProjection = WithTimesInMs<ServerContainer>;
type MemberProjection = WithTimesInMs<Omit<MemberPod, 'server'>> & { readonly server?: ContainerProjection };

/** The stored part of a pod. */
export interface PodProjection extends Projection {
  readonly pod: MemberProjection;
}

/** A pod as decisions read it. */
export function podOf({ pod: { createdAt, readyChangedAt, server, ...rest } }: PodProjection): MemberPod {
  return {
    ...rest,
    createdAt: new Date(createdAt),
    ...withoutAbsent({ readyChangedAt: dateOf(readyChangedAt), server: server && containerOf(server) }),
  };
}

function containerOf({ startedAt, finishedAt, ...rest }: ContainerProjection): ServerContainer {
  return { ...rest, ...withoutAbsent({ startedAt: dateOf(startedAt), finishedAt: dateOf(finishedAt) }) };
}

const STATES = ['terminated', 'running'] as const;
/** Kubernetes' own limit of counters. */
const MOST_RESTARTS = 2 ** 31 - 1;
/** PostgreSQL's. */
const MOST_TIMELINES = 2 ** 32 - 1;
/** A restart waits for a handful of settings. */
const MOST_WAITING = 64;

function serverOf(status: JsonObject): ContainerProjection {
  const state = STATES.find((name) => isAt(status, 'state', name)) ?? 'waiting';
  const now = recordAt(status, 'state', state);
  const before = recordAt(status, 'lastState', 'terminated');
  return {
    state,
    restarts: whole(status['restartCount'], MOST_RESTARTS) ?? 0,
    ...withoutAbsent({
      reason: wordAt(now, 'reason'),
      startedAt: read(time, now, 'startedAt'),
      finishedAt: read(time, now, 'finishedAt') ?? read(time, before, 'finishedAt'),
    }),
  };
}

/** A setting's value as Patroni writes it: text; any other value as JSON. */
function shown(value: unknown): string {
  return message(typeof value === 'string' ? value : JSON.stringify(value ?? null)) ?? '';
}

function waitingIn(status: JsonObject): WaitingSetting[] | undefined {
  if (!isAt(status, 'pending_restart_reason')) return undefined;
  return Object.entries(recordAt(status, 'pending_restart_reason'))
    .slice(0, MOST_WAITING)
    .flatMap(([setting, values]) => {
      const name = word(setting);
      if (name === undefined) return [];
      return { name, runs: read(shown, values, 'old_value'), wanted: read(shown, values, 'new_value') };
    });
}

/** Parses the annotation that Patroni keeps on its pod; undefined until Patroni has written one. */
function patroniOf(text: unknown): PatroniMember | undefined {
  if (text === undefined) return undefined;
  const status = jsonRecord(text);
  return {
    state: wordAt(status, 'state') ?? '',
    role: wordAt(status, 'role') ?? '',
    pendingRestart: holdsAt(true, status, 'pending_restart'),
    ...withoutAbsent({
      timeline: whole(status['timeline'], MOST_TIMELINES),
      position: read(position, status, 'xlog_location'),
      replication: wordAt(status, 'replication_state'),
      waiting: waitingIn(status),
    }),
  };
}

function readinessOf(raw: KubernetesObject): Pick<MemberProjection, 'ready' | 'readyChangedAt'> {
  const condition = listAt(raw['status'], 'conditions').find((one) => holdsAt('Ready', one, 'type'));
  const ready = holdsAt('True', condition, 'status');
  return { ready, ...withoutAbsent({ readyChangedAt: read(time, condition, 'lastTransitionTime') }) };
}

function labelled(labels: JsonObject): Pick<MemberProjection, 'role' | 'revision' | 'version'> {
  return withoutAbsent({
    role: wordAt(labels, ROLE_LABEL),
    revision: wordAt(labels, 'controller-revision-hash'),
    version: wordAt(labels, 'app.kubernetes.io/version'),
  });
}

/** The status of the engine's container, which has the engine's name; undefined until the kubelet has reported one. */
function serverIn(raw: KubernetesObject, labels: JsonObject): ContainerProjection | undefined {
  const engine = wordAt(labels, 'app.kubernetes.io/name');
  const statuses = engine === undefined ? [] : listAt(raw['status'], 'containerStatuses');
  const server = statuses.find((status) => holdsAt(engine ?? '', status, 'name'));
  return server === undefined ? undefined : serverOf(recordAt(server));
}

/** Projects a member's pod to the part that decisions read; skips other pods of a Database, such as a backup's. */
export function projectPod(raw: KubernetesObject): PodProjection | undefined {
  const kept = projectionOf(raw);
  const { name } = raw.metadata;
  const [labels, annotations] = [recordAt(raw.metadata, 'labels'), recordAt(raw.metadata, 'annotations')];
  const ordinal = kept && ordinalOf(name, nameIn(kept.owner));
  if (!kept || ordinal === undefined || !holdsAt('database', labels, 'app.kubernetes.io/component')) return undefined;
  const pod: MemberProjection = {
    name,
    ordinal,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    createdAt: read(time, raw.metadata, 'creationTimestamp') ?? 0,
    deleting: isAt(raw.metadata, 'deletionTimestamp'),
    ...readinessOf(raw),
    ...labelled(labels),
    ...withoutAbsent({
      node: read(objectName, raw['spec'], 'nodeName'),
      account: read(objectName, raw['spec'], 'serviceAccountName'),
      server: serverIn(raw, labels),
      patroni: read(patroniOf, annotations, 'status'),
    }),
  };
  const cut = isTooLarge(annotations['status']) ? `the annotation status of pod ${name}` : undefined;
  return { ...kept, pod, ...withoutAbsent({ cut }) };
}
