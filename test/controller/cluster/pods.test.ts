import { podOf, projectPod } from '../../../controller/cluster/pod.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { LABELS, describeCases, object } from './projection-cases.ts';

const POD = {
  name: 'orders-1',
  ordinal: 1,
  uid: 'uid-orders-1',
  resourceVersion: '7',
  createdAt: new Date(0),
  deleting: false,
  ready: false,
};

function podWith(status: object, annotations: object = {}): KubernetesObject {
  return object('orders-1', { status, annotations });
}

function serverWith(state: object, more: object = {}): KubernetesObject {
  return podWith({
    containerStatuses: [
      { name: 'backup-server', state: { running: {} }, restartCount: 9 },
      { name: 'postgresql', state, restartCount: 2, ...more },
    ],
  });
}

const podIn = (raw: KubernetesObject): unknown => {
  const kept = projectPod(raw);
  return kept && podOf(kept);
};
const DIED = '2026-11-20T10:00:00Z';

describeCases('Of a pod is kept', podIn, [
  { name: 'that it is there, when its kubelet has said nothing', raw: object('orders-1'), gives: POD },
  {
    name: 'whether it serves, since when, where it is and what it was made from',
    raw: object('orders-1', {
      labels: {
        ...LABELS,
        'db.example.com/role': 'primary',
        'controller-revision-hash': 'orders-5d',
        'app.kubernetes.io/version': '17.2',
      },
      spec: { nodeName: 'n1' },
      status: {
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Ready', status: 'True', lastTransitionTime: DIED },
        ],
      },
    }),
    gives: {
      ...POD,
      ready: true,
      readyChangedAt: new Date(DIED),
      node: 'n1',
      role: 'primary',
      revision: 'orders-5d',
      version: '17.2',
    },
  },
  {
    name: 'that its server runs, and when the run before ended',
    raw: serverWith({ running: { startedAt: DIED } }, { lastState: { terminated: { finishedAt: DIED } } }),
    gives: {
      ...POD,
      server: { state: 'running', restarts: 2, startedAt: new Date(DIED), finishedAt: new Date(DIED) },
    },
  },
  {
    name: 'that its server ended, and why',
    raw: serverWith({ terminated: { reason: 'OOMKilled', startedAt: DIED, finishedAt: DIED } }),
    gives: {
      ...POD,
      server: {
        state: 'terminated',
        restarts: 2,
        reason: 'OOMKilled',
        startedAt: new Date(DIED),
        finishedAt: new Date(DIED),
      },
    },
  },
  {
    name: 'why its first data could not be made, as the program for that wrote before the container ended',
    raw: serverWith(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { lastState: { terminated: { message: '{"succeeded":false,"refused":true,"reason":"there is no backup x"}' } } },
    ),
    gives: {
      ...POD,
      server: { state: 'waiting', restarts: 2, reason: 'CrashLoopBackOff', failure: 'there is no backup x' },
    },
  },
  {
    name: 'nothing of another last word of its container',
    raw: serverWith(
      { terminated: { message: '{"succeeded":true,"reason":"none"}' } },
      { lastState: { terminated: { message: 'panic' } } },
    ),
    gives: { ...POD, server: { state: 'terminated', restarts: 2 } },
  },
  {
    name: 'that its server waits, and for what',
    raw: serverWith({ waiting: { reason: 'CrashLoopBackOff' } }),
    gives: { ...POD, server: { state: 'waiting', restarts: 2, reason: 'CrashLoopBackOff' } },
  },
  {
    name: 'what Patroni says of a standby that waits for a restart',
    raw: podWith(
      {},
      {
        status: JSON.stringify({
          ...{ state: 'running', role: 'replica', timeline: 3, xlog_location: 67_108_864, version: '4.1.5' },
          ...{ replication_state: 'streaming', pending_restart: true },
          pending_restart_reason: { max_connections: { old_value: '100', new_value: 200 } },
        }),
      },
    ),
    gives: {
      ...POD,
      report: {
        ...{ role: 'standby', runs: true, follows: true, term: 3, position: 67_108_864n },
        pendingRestart: true,
        waiting: [{ name: 'max_connections', runs: '100', wanted: '200', primaryFirst: false }],
      },
    },
  },
  {
    name: 'that Patroni said something that cannot be read',
    raw: podWith({}, { status: 'no json' }),
    gives: { ...POD, report: { role: 'none', runs: false, follows: false, pendingRestart: false } },
  },
  {
    name: 'nothing, when it belongs to no Database',
    raw: object('orders-1', { labels: { 'app.kubernetes.io/component': 'database' } }),
    gives: undefined,
  },
  {
    name: 'nothing, when it is that of a backup',
    raw: object('orders-1', { labels: { ...LABELS, 'app.kubernetes.io/component': 'backup' } }),
    gives: undefined,
  },
  { name: 'nothing, when its name has no number of a member', raw: object('orders-backup-x7'), gives: undefined },
]);
