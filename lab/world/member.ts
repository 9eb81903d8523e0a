import { DATABASE_LABEL, ROLE_LABEL } from '../../database/vocabulary.ts';
import type { PatroniConfigMap } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { Plain } from './objects.ts';

/** The report of a member's Patroni. */
export interface MemberReport {
  readonly state: 'starting' | 'running';
  readonly role: 'primary' | 'replica';
  readonly isStreaming: boolean;
  readonly timeline: number;
  /** Patroni's `pending_restart_reason`; empty without a pending restart. */
  readonly waiting?: Plain;
}

/** Labels and annotations that Patroni writes on the pod of its member (patroni/dcs/kubernetes.py, touch_member). */
export function memberNotes(name: string, report: MemberReport): { labels: Plain; annotations: { status: string } } {
  const { state, role, isStreaming, timeline, waiting = {} } = report;
  const status = JSON.stringify({
    conn_url: 'postgres://10.0.0.7:5432/postgres',
    api_url: `https://${name}.members:8008/patroni`,
    state,
    role,
    version: '4.1.5',
    xlog_location: 67_108_864,
    ...(isStreaming && { replication_state: 'streaming' }),
    timeline,
    ...(Object.keys(waiting).length > 0 && { pending_restart: true, pending_restart_reason: waiting }),
  });
  // A primary that steps down removes its label first.
  return { labels: { [ROLE_LABEL]: state === 'running' ? role : null }, annotations: { status } };
}

/** Name of a member's replication slot (patroni/dcs/__init__.py, slot_name_from_member_name). */
export function slotOf(member: string): string {
  return member.replaceAll('-', '_');
}

/** The Database of these ConfigMaps. */
interface Owner {
  readonly namespace: string;
  readonly name: string;
}

/** One of the ConfigMaps in which Patroni keeps its state, as annotations. */
export function patroniConfigMap(
  { namespace, name }: Owner,
  part: PatroniConfigMap,
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const labels = {
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/managed-by': 'ballast',
    [DATABASE_LABEL]: name,
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${name}-${part}`, namespace, labels, annotations },
  };
}

/** The leader lock before it is taken. */
interface FormerLock {
  readonly leader?: string;
  readonly acquireTime?: string;
  readonly transitions?: string;
}

/** Annotations of the leader lock once a member has taken it (patroni/dcs/kubernetes.py, attempt_to_acquire_leader). */
export function takenLock(member: string, now: string, former: FormerLock = {}): Record<string, string> {
  const { leader, acquireTime = now, transitions = '-1' } = former;
  const isAnother = leader !== member;
  return {
    leader: member,
    acquireTime: isAnother ? now : acquireTime,
    renewTime: now,
    ttl: '20',
    transitions: String(Number(transitions) + (isAnother ? 1 : 0)),
  };
}
