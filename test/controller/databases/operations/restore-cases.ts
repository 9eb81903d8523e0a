import type { BackupList } from '../../../../controller/cluster/backup-list.ts';
import type { Step } from '../../../../controller/databases/decision.ts';
import type { ManagedObject, MemberPod, Observation } from '../../../../controller/databases/observation.ts';
import type {
  BackupOfDatabase,
  RestoreOfDatabase,
  RestoreRequest,
} from '../../../../controller/databases/observed-backups.ts';
import { restoreStatus } from '../../../../controller/restores/status.ts';
import type { Changes } from '../../observations.ts';
import { NOW, healthy, member, saying, secondsAgo } from '../../observations.ts';

const ID = 'a1a1a1a1a1a1a1a1';
const BACKUP = { enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://backups/orders' };
const REPOSITORY = '1f0c22aa';
const LIST: BackupList = {
  ...{ repository: REPOSITORY, left: 0, gaps: [], isWhole: true },
  backups: [
    {
      ...{ label: '20261121-020000F', type: 'full' as const, request: 'nightly' },
      ...{ startedAt: secondsAgo(36_000).getTime(), endedAt: secondsAgo(35_900).getTime() },
    },
  ],
};
export const FIRST: BackupOfDatabase = {
  ...{
    name: 'nightly',
    uid: 'b0',
    resourceVersion: '5',
    deleting: false,
    isOurs: false,
    isStalled: false,
    isScheduled: false,
  },
  ...{ phase: 'Succeeded' as const, label: '20261121-020000F' },
};
export const BEFORE: BackupOfDatabase = { ...FIRST, name: 'to-monday-before', uid: 'b1', label: '20261121-115900F' };

export function asked(changes: Partial<RestoreOfDatabase> = {}): RestoreOfDatabase {
  return {
    ...{
      name: 'to-monday',
      uid: 'r1',
      resourceVersion: '7',
      generation: 1,
      createdAt: secondsAgo(60),
      deleting: false,
    },
    ...{ id: ID, problems: [] },
    spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', backup: 'nightly' },
    ...changes,
  };
}

export function request(changes: Partial<RestoreRequest> = {}): RestoreRequest {
  return {
    ...{ uid: 'q1', resourceVersion: '8', createdAt: secondsAgo(30), id: ID, restore: 'to-monday' },
    ...{ member: 'orders-0', state: 'hold' as const },
    ...changes,
  };
}

const says = (done: readonly string[]) => (pod: MemberPod) => ({ ...pod, restores: { done } });

/** A pod that was made after the request, and waits. */
export function held(ordinal: number): MemberPod {
  const { name, uid, resourceVersion } = member(ordinal, 'replica');
  return {
    name,
    ordinal,
    uid,
    resourceVersion,
    createdAt: secondsAgo(10),
    deleting: false,
    ready: false,
    restores: { held: ID },
  };
}

const note = (end: string): ManagedObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', name: `orders-${end}`, uid: `uid-${end}`, resourceVersion: '9' },
  ...{ revision: '9', deleting: false, mark: '' },
});

export function seenWith(changes: Changes & { readonly done?: readonly string[] } = {}): Observation {
  const { done = [], ...others } = changes;
  const seen = healthy(2, {
    ...{ spec: { backup: BACKUP }, repository: REPOSITORY, backupList: LIST, backups: [FIRST], restores: [asked()] },
    ...others,
  });
  return others.pods ? seen : { ...seen, pods: seen.pods.map(says(done)) };
}

function withTime(targetTime: string): RestoreOfDatabase {
  return asked({ spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', targetTime } });
}

export function toldOf(seen: Observation, restore = seen.restores[0]!): string {
  const { phase = '', message = '' } = restoreStatus(restore, seen, NOW);
  return `${phase}: ${message}`;
}

/** What is done, and what is said meanwhile. */
export const CASES: Readonly<Record<string, { seen: Observation; does?: Partial<Step>; says: RegExp }>> = {
  'the present data are backed up first': {
    seen: seenWith(),
    does: { do: 'request-backup', name: 'to-monday-before' },
    says: /^BackingUp: to-monday-before backs the present data up/,
  },
  'nothing more is done while that backup is made': {
    seen: seenWith({ backups: [FIRST, { ...BEFORE, phase: 'Running' }] }),
    says: /^BackingUp: /,
  },
  'nothing is restored when that backup fails': {
    seen: seenWith({ backups: [FIRST, { ...BEFORE, phase: 'Failed' }] }),
    says: /^Failed: the backup of the present data, to-monday-before, failed; nothing was restored/,
  },
  'the members are not stopped while another backup is made': {
    seen: seenWith({ backups: [FIRST, BEFORE, { ...FIRST, name: 'other', phase: 'Running' }] }),
    says: /^Pending: .*once no other backup is being made/,
  },
  'the members are asked to wait, and the primary to restore': {
    seen: seenWith({ backups: [FIRST, BEFORE] }),
    does: { do: 'request-restore', restore: 'to-monday', member: 'orders-0' },
    says: /^Pending: the present data are backed up/,
  },
  'the standbys stop first': {
    seen: seenWith({ restoreRequest: request() }),
    does: { do: 'stop-member', pod: 'orders-1' },
    says: /^Stopping: /,
  },
  'the primary stops once they are held': {
    seen: seenWith({ restoreRequest: request(), pods: [member(0, 'primary'), held(1)] }),
    does: { do: 'stop-member', pod: 'orders-0' },
    says: /^Stopping: /,
  },
  'a pod that is being deleted is waited for': {
    seen: seenWith({
      restoreRequest: request(),
      pods: [member(0, 'primary'), member(1, 'replica', { deleting: true })],
    }),
    says: /^Stopping: /,
  },
  'a pod that does not exist yet is waited for': {
    seen: seenWith({ restoreRequest: request(), pods: [held(0)] }),
    says: /^Stopping: /,
  },
  "Patroni's state of the former data goes, and nothing else of it": {
    seen: seenWith({ restoreRequest: request(), pods: [held(0), held(1)], children: [note('config'), note('sync')] }),
    does: { do: 'delete' },
    says: /^Stopping: /,
  },
  'the member restores when all of that is done': {
    seen: seenWith({ restoreRequest: request(), pods: [held(0), held(1)], children: [note('config')] }),
    does: { do: 'advance-restore', state: 'restore' },
    says: /^Stopping: /,
  },
  'nothing is done while it restores': {
    seen: seenWith({ restoreRequest: request({ state: 'restore' }), pods: [held(0), held(1)] }),
    says: /^Restoring: orders-0 restores, and the others wait/,
  },
  'nothing is done before it leads': {
    seen: seenWith({
      restoreRequest: request({ state: 'restore', result: { state: 'restored' } }),
      pods: [saying(member(0, 'primary', { ready: false }), { runs: false }), held(1)],
    }),
    says: /^Starting: /,
  },
  'the others follow once it takes writes': {
    seen: seenWith({
      restoreRequest: request({ state: 'restore', result: { state: 'restored' } }),
      pods: [member(0, 'primary'), held(1)],
    }),
    does: { do: 'advance-restore', state: 'follow' },
    says: /^Starting: /,
  },
  'the others follow the data from before when it fails': {
    seen: seenWith({
      restoreRequest: request({ state: 'restore', result: { state: 'failed', reason: 'no space' } }),
      pods: [member(0, 'primary'), held(1)],
    }),
    does: { do: 'advance-restore', state: 'follow', failure: 'no space' },
    says: /^Starting: /,
  },
  'a report that was refused is read from what the member says of its data': {
    seen: seenWith({
      restoreRequest: request({ state: 'restore' }),
      pods: [says([ID])(member(0, 'primary')), held(1)],
    }),
    does: { do: 'advance-restore', state: 'follow' },
    says: /^Starting: orders-0 has restored/,
  },
  'so is one of a failure': {
    seen: seenWith({ restoreRequest: request({ state: 'restore' }), pods: [says([])(member(0, 'primary')), held(1)] }),
    does: { do: 'advance-restore', state: 'follow', failure: 'the member gave no reason' },
    says: /^Starting: orders-0 has not restored/,
  },
  'the request stays until the DatabaseRestore says how it ended': {
    seen: seenWith({ restoreRequest: request({ state: 'follow', result: { state: 'restored', backup: 'one' } }) }),
    says: /^Succeeded: orders-0 takes writes with the restored data/,
  },
  'the request goes then': {
    seen: seenWith({
      restoreRequest: request({ state: 'follow' }),
      restores: [asked({ status: { phase: 'Succeeded', message: 'it was' } })],
    }),
    does: { do: 'end-restore' },
    says: /^Succeeded: it was$/,
  },
  'the request goes when the DatabaseRestore is gone': {
    seen: { ...seenWith({ restoreRequest: request({ state: 'follow' }), restores: [] }) },
    does: { do: 'end-restore' },
    says: /^$/,
  },
  'it is given up when the DatabaseRestore is deleted before all wait': {
    seen: seenWith({ restoreRequest: request(), restores: [asked({ deleting: true })] }),
    does: { do: 'advance-restore', state: 'follow' },
    says: /^Stopping: /,
  },
  'it is given up when a new pod does not wait': {
    seen: seenWith({
      restoreRequest: request(),
      pods: [member(0, 'primary'), member(1, 'replica', { createdAt: secondsAgo(5) })],
    }),
    does: { do: 'advance-restore', state: 'follow' },
    says: /^Stopping: /,
  },
  'it is given up when not all wait after ten minutes': {
    seen: seenWith({ restoreRequest: request({ createdAt: secondsAgo(601) }), pods: [held(0)] }),
    does: { do: 'advance-restore', state: 'follow' },
    says: /^Stopping: /,
  },
  'it says why it failed': {
    seen: seenWith({ restoreRequest: request({ state: 'follow', failure: 'no space' }) }),
    says: /^Failed: no space; the data are those from before$/,
  },
  'it is not done again when the data say that they went through it': {
    seen: seenWith({ done: [ID] }),
    says: /^Succeeded: the data went through this restore before$/,
  },
  'it waits until the primary has said what its data went through': {
    seen: {
      ...healthy(2, {
        spec: { backup: BACKUP },
        ...{ repository: REPOSITORY, backupList: LIST, backups: [FIRST], restores: [asked()] },
      }),
    },
    says: /^Pending: the primary has not said yet/,
  },
  'it waits while WAL waits to be archived': {
    seen: seenWith({
      pods: [
        says([])(saying(member(0, 'primary'), { archive: { state: 'waiting', count: 3 } })),
        says([])(member(1, 'replica')),
      ],
    }),
    says: /^Pending: WAL waits to be archived/,
  },
  'it waits while a member does not serve': {
    seen: seenWith({ pods: [says([])(member(0, 'primary')), says([])(member(1, 'replica', { ready: false }))] }),
    says: /^Pending: all members must serve: orders-1 is not ready/,
  },
  'it waits for a backup that is not there': {
    seen: seenWith({ restores: [asked({ spec: { databaseRef: { name: 'orders' }, backup: 'never-made' } })] }),
    says: /^Pending: the repository has no backup never-made$/,
  },
  'it waits for a target that no backup leads to': {
    seen: seenWith({ restores: [withTime('2026-11-20T10:00:00Z')] }),
    says: /^Pending: targetTime is not after the end of the backup 20261121-020000F/,
  },
  'it waits with a spec that breaks rules': {
    seen: seenWith({ restores: [asked({ problems: ['spec.confirmOverwrite: must be set'] })] }),
    says: /^Pending: spec.confirmOverwrite: must be set$/,
  },
  'what has ended stays as it was': {
    seen: seenWith({ restores: [asked({ status: { phase: 'Failed', message: 'long ago' } })] }),
    says: /^Failed: long ago$/,
  },
  'restored data are backed up': {
    seen: seenWith({
      restores: [
        asked({
          status: {
            phase: 'Succeeded',
            startTime: secondsAgo(90).toISOString(),
            completionTime: secondsAgo(60).toISOString(),
          },
        }),
      ],
    }),
    does: { do: 'request-backup', name: 'to-monday-after' },
    says: /^Succeeded: /,
  },
};
