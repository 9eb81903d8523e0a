import { ROLE_LABEL } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { EngineName } from '../../database/engines/index.ts';
import type { MemberPod, ServerContainer } from '../databases/observation.ts';
import { CONTROLS } from '../engines/index.ts';
import type { MemberReport } from '../engines/engine-control.ts';
import type { Projection } from './projection.ts';
import { memberRestoresIn } from './restore-request.ts';
import { projectionOf, nameIn } from './projection.ts';
import type { JsonObject, WithTimesInMs } from './json-path.ts';
import { dateOf, holdsAt, isAt, listAt, withoutAbsent, read, recordAt, wordAt } from './json-path.ts';
import { isTooLarge, jsonRecord, message, objectName, ordinalOf, time, whole } from './values.ts';

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

/** Why the program that makes the first data failed, from the termination message of its container (images/postgres/restore.py). */
function failureIn(text: unknown): string | undefined {
  const { succeeded, reason } = jsonRecord(text);
  return succeeded === false ? message(reason) : undefined;
}

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
      failure: read(failureIn, now, 'message') ?? read(failureIn, before, 'message'),
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

/** Name of the engine in a pod's labels. */
function engineIn(labels: JsonObject): string | undefined {
  return wordAt(labels, 'app.kubernetes.io/name');
}

/** The report of a member, in the format of its engine's control. */
function reportIn(labels: JsonObject, annotations: JsonObject): MemberReport | undefined {
  const engine = engineIn(labels) ?? '';
  return Object.hasOwn(CONTROLS, engine) ? CONTROLS[engine as EngineName].report(annotations) : undefined;
}

/** The status of the engine's container, which has the engine's name; undefined until the kubelet has reported one. */
function serverIn(raw: KubernetesObject, labels: JsonObject): ContainerProjection | undefined {
  const engine = engineIn(labels);
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
      report: reportIn(labels, annotations),
      restores: memberRestoresIn(annotations),
    }),
  };
  const cut = isTooLarge(annotations['status']) ? `the annotation status of pod ${name}` : undefined;
  return { ...kept, pod, ...withoutAbsent({ cut }) };
}
