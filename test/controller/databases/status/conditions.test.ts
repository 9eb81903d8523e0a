import type { Observation } from '../../../../controller/databases/observation.ts';
import type { ConditionType } from '../../../../controller/databases/status/conditions.ts';
import { NOW, claim, healthy, lock, member, saying, without } from '../../observations.ts';
import { BACKUP_CASES } from './backup-cases.ts';
import type { Case } from './cases.ts';
import { itSays } from './cases.ts';

const GIB = 2n ** 30n;

/** A Database without data yet, whose member failed for this reason, or is still at it. */
function beingMade(failure?: string): Observation {
  const server = { state: 'waiting', restarts: 1, ...(failure !== undefined && { failure }) } as const;
  const pods = [member(0, 'replica', { ready: false, server })];
  return without(healthy(1, { pods, leader: lock(undefined) }), 'patroni');
}

const CASES: Readonly<Partial<Record<ConditionType, readonly Case[]>>> = {
  Ready: [
    { name: 'one member serves', seen: healthy(1), says: 'True Serving', message: 'the member serves, orders-0 leads' },
    {
      name: 'a standby is not ready',
      seen: healthy(3, {
        pods: [
          member(0, 'primary'),
          member(1, 'replica'),
          member(2, 'replica', { ready: false, server: { state: 'waiting', restarts: 3, reason: 'ImagePullBackOff' } }),
        ],
      }),
      says: 'False MembersMissing',
      message: '2 of 3 members serve: orders-2 is not ready (ImagePullBackOff)',
    },
    {
      name: 'a standby is missing',
      seen: healthy(3, { pods: [member(0, 'primary'), member(1, 'replica')] }),
      says: 'False MembersMissing',
      message: 'orders-2 is not there',
    },
    {
      name: 'a standby does not stream',
      seen: healthy(2, {
        pods: [member(0, 'primary'), saying(member(1, 'replica'), { follows: false })],
      }),
      says: 'False MembersMissing',
      message: 'orders-1 does not follow yet',
    },
    { name: 'no member has made the first data', seen: beingMade(), says: 'False Creating' },
    {
      name: 'a member could not make the first data',
      seen: beingMade('the repository has no backups of ledger'),
      says: 'False FirstDataFailed',
      message: 'orders-0 could not make the first data: the repository has no backups of ledger; it tries again',
    },
    { name: 'nobody holds the lock', seen: healthy(3, { leader: lock(undefined) }), says: 'False NoPrimary' },
    {
      name: 'the holder of the lock does not serve',
      seen: healthy(2, { pods: [member(0, 'primary', { ready: false }), member(1, 'replica')] }),
      says: 'False NoPrimary',
      message: 'orders-0 is not ready',
    },
    {
      name: 'the Services lead nowhere',
      seen: healthy(1, { pods: [member(0, 'replica', { report: member(0, 'primary').report! })] }),
      says: 'False NoPrimary',
    },
    {
      name: 'one too many leads',
      seen: {
        ...healthy(3, { spec: { replicas: 2 } }),
        leader: lock('orders-2'),
        pods: [member(0, 'replica'), member(1, 'replica'), member(2, 'primary')],
      },
      says: 'False PrimaryLeaves',
    },
    {
      name: 'it sleeps',
      seen: healthy(0, { spec: { replicas: 3 }, own: { annotations: { 'db.example.com/hibernate': 'true' } } }),
      says: 'False Hibernated',
    },
    {
      name: 'those in step have gone',
      seen: {
        ...healthy(1, {
          leader: lock(undefined),
          pods: [member(0, 'replica')],
          own: { status: { handled: { primary: 'orders-2' } } },
        }),
        synchronous: ['orders-1'],
      },
      says: 'False NoPrimary',
      message: 'it takes 2 replicas for a while',
    },
  ],
  Stalled: [
    {
      name: 'rules are broken',
      seen: healthy(3, { problems: ['one', 'two'] }),
      says: 'True Invalid',
      message: 'one\ntwo',
    },
    {
      name: 'a deletion is protected',
      seen: healthy(1, { spec: { deletionPolicy: 'Protect' }, own: { deletionRequestedAt: NOW } }),
      says: 'True DeletionProtected',
    },
    {
      name: 'a deletion is not confirmed',
      seen: healthy(1, { spec: { deletionPolicy: 'Delete' }, own: { deletionRequestedAt: NOW } }),
      says: 'True DeletionNotConfirmed',
      message: 'db.example.com/confirm-delete: orders',
    },
    {
      name: 'the volumes are another’s',
      seen: healthy(1, { claims: [claim(0, { owner: 'another' })] }),
      says: 'True VolumesOfAnotherDatabase',
      message: 'spec.bootstrap.adopt',
    },
    {
      name: 'a class does not let volumes grow',
      seen: healthy(1, { spec: { storage: { size: '20Gi' } }, storageClass: { expandable: false } }),
      says: 'True StorageCannotGrow',
      message: 'allow it (allowVolumeExpansion: true), go back to 10Gi, or restore',
    },
    {
      name: 'a class does not let volumes grow any more, and one has grown',
      seen: healthy(2, {
        spec: { storage: { size: '20Gi' } },
        claims: [claim(0, { requested: 20n * GIB, capacity: 20n * GIB }), claim(1)],
        storageClass: { expandable: false },
      }),
      says: 'True StorageCannotGrow',
      message: 'allow it (allowVolumeExpansion: true), or restore',
    },
    {
      name: 'passwords do not fit',
      seen: healthy(1, { credentials: { ...healthy(1).credentials!, problem: 'the primary takes no password' } }),
      says: 'True Credentials',
    },
    {
      name: 'it asks to be applied, which the installation does not allow',
      seen: healthy(1, { applyRefused: true }),
      says: 'True ApplyNotAllowed',
      message: 'have the controller run with --apply-allowed',
    },
    {
      name: 'something else is in the way too, which is told first',
      seen: healthy(1, { applyRefused: true, problems: ['one'] }),
      says: 'True Invalid',
    },
    {
      name: 'it asked to be applied, and is deleted now',
      seen: healthy(1, { applyRefused: true, own: { deletionRequestedAt: NOW } }),
      says: 'False Free',
    },
  ],
  WorkloadMayChange: [
    {
      name: 'the workload is not there: it has to come',
      seen: without(healthy(3, { pods: [] }), 'workload'),
      says: 'True Free',
    },
    {
      name: 'a member is broken: the workload may mend it',
      seen: healthy(2, { pods: [member(0, 'primary'), member(1, 'replica', { ready: false })] }),
      says: 'True Free',
    },
    {
      name: 'one too many leads',
      seen: {
        ...healthy(2, { spec: { replicas: 1 } }),
        leader: lock('orders-1'),
        pods: [member(0, 'replica'), member(1, 'primary')],
      },
      says: 'False PrimaryLeaves',
    },
    {
      name: 'members are to go and nobody leads',
      seen: { ...healthy(2, { spec: { replicas: 1 } }), leader: lock(undefined) },
      says: 'False PrimaryLeaves',
      message: 'nobody leads',
    },
    { name: 'members are to go and the primary stays', seen: healthy(2, { spec: { replicas: 1 } }), says: 'True Free' },
    {
      name: 'it falls asleep: all are to go',
      seen: healthy(2, { own: { annotations: { 'db.example.com/hibernate': 'true' } } }),
      says: 'True Free',
    },
    {
      name: 'the volumes are another’s',
      seen: healthy(1, { claims: [claim(0, { owner: 'another' })] }),
      says: 'False VolumesOfAnotherDatabase',
    },
  ],
  ReplicationHealthy: [
    { name: 'there is one member', seen: healthy(1), says: 'Unknown NoStandby' },
    { name: 'there is one standby', seen: healthy(2), says: 'True Streaming', message: 'the standby follows' },
    { name: 'a standby is behind', seen: healthy(2, { pods: [member(0, 'primary')] }), says: 'False StandbysMissing' },
    { name: 'nobody leads', seen: healthy(2, { leader: lock(undefined) }), says: 'False NoPrimary' },
    {
      name: 'a commit must wait for a standby and none is synchronous',
      seen: healthy(2, {
        spec: { highAvailability: { synchronous: 'required', maximumLagBytes: 0 } },
        synchronous: [],
      }),
      says: 'False NotSynchronous',
    },
  ],
  BackupHealthy: BACKUP_CASES,
  StorageReady: [
    { name: 'there are no volumes', seen: healthy(1, { claims: [] }), says: 'Unknown NoVolumes' },
    {
      name: 'one of two has grown',
      seen: healthy(2, {
        spec: { storage: { size: '20Gi' } },
        claims: [
          claim(0, { requested: 20n * GIB, capacity: 20n * GIB }),
          claim(1, {
            requested: 20n * GIB,
            conditions: new Map([['FileSystemResizePending', 'waiting for the node']]),
          }),
        ],
      }),
      says: 'False Growing',
      message: '1 of 2 volumes have grown to 20Gi; data-orders-1: waiting for the node',
    },
    {
      name: 'they may not grow',
      seen: healthy(1, { spec: { storage: { size: '20Gi' } }, storageClass: { expandable: false } }),
      says: 'False CannotGrow',
    },
    {
      name: 'they are larger than asked for',
      seen: healthy(1, { spec: { storage: { size: '5Gi' } } }),
      says: 'True AsAsked',
    },
  ],
  Hibernated: [
    {
      name: 'members still run',
      seen: healthy(1, { own: { annotations: { 'db.example.com/hibernate': 'true' } } }),
      says: 'False FallingAsleep',
    },
    {
      name: 'none runs',
      seen: healthy(0, { spec: { replicas: 1 }, own: { annotations: { 'db.example.com/hibernate': 'true' } } }),
      says: 'True Asleep',
    },
  ],
};

describe('A condition', () => {
  for (const [type, cases] of Object.entries(CASES)) itSays(type, cases);
});
