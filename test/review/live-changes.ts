import type { DatabaseStatus } from '../../database/types.ts';

/** A change of a Database that is wrong only because of what runs. */
export interface LiveChange {
  readonly was: object;
  readonly status: DatabaseStatus;
  /** The spec after the change; absent when the Database is removed. */
  readonly now?: object;
  readonly rule: string;
  readonly path: string;
  /** A part of the message. */
  readonly says: string;
  /** What is told of it without facts. */
  readonly without: 'nothing' | 'a warning';
}

const size = (text: string): object => ({ storage: { size: text } });
const FIXED: DatabaseStatus = { largestVolume: '10Gi', largestClaim: '10Gi', volumesCanGrow: false };
const BY_HAND: DatabaseStatus = { largestVolume: '20Gi', largestClaim: '20Gi', volumesCanGrow: true };

type Storage = Pick<LiveChange, 'was' | 'status' | 'now' | 'says'>;
const growth = (change: Storage): LiveChange => ({
  ...{ rule: 'storage-can-grow', path: 'spec.storage.size', without: 'nothing' },
  ...change,
});
const version = (change: Storage): LiveChange => ({
  ...{ rule: 'version-below-data', path: 'spec.version', without: 'nothing' },
  ...change,
});

const backup = (pvc: object, more: object = size('10Gi')): object => ({ ...more, backup: { destination: { pvc } } });
const volume = (change: Storage & { readonly path?: string }): LiveChange => ({
  ...{ rule: 'backup-volume-can-grow', path: 'spec.backup.destination.pvc.size', without: 'nothing' },
  ...change,
});

const gated = (before: string, destination: unknown = 's3://backups/orders', maxAge = 7): object => ({
  backup: { destination, verify: { schedule: '@daily', gate: { before: [before], maxAge } } },
});
const verified = (time: string, result: 'Succeeded' | 'Failed' = 'Succeeded'): DatabaseStatus => ({
  observedGeneration: 3,
  lastVerified: { name: '20261119-020000F', time, result },
});

const deletion = (status: DatabaseStatus, says: string, was = gated('Deletion')): LiveChange => ({
  ...{ was: { deletionPolicy: 'Delete', ...was }, status, says },
  ...{ rule: 'deletion-proven', path: 'spec.backup.verify.gate', without: 'a warning' },
});
const move = (status: DatabaseStatus, says: string, now: object = gated('DestinationChange', 's3://others/orders')) =>
  ({
    ...{ was: gated('DestinationChange'), status, now, says },
    ...{ rule: 'destination-change-proven', path: 'spec.backup.destination', without: 'a warning' },
  }) as LiveChange;

/** Changes that only the live state makes wrong, by what makes them so. */
export const LIVE_CHANGES: Readonly<Record<string, LiveChange>> = {
  'a growth on a class that cannot expand': growth({
    was: size('10Gi'),
    status: FIXED,
    now: size('20Gi'),
    says: 'must not grow from 10Gi: the storage class does not let its volumes grow',
  }),
  'a growth on a named class that cannot expand': growth({
    was: { storage: { size: '10Gi', storageClassName: 'slow' } },
    status: FIXED,
    now: { storage: { size: '20Gi', storageClassName: 'slow' } },
    says: 'StorageClass "slow" does not let its volumes grow',
  }),
  'a growth by another unit on a class that cannot expand': growth({
    was: size('10G'),
    status: { ...FIXED, largestVolume: '10G', largestClaim: '10G' },
    now: size('10Gi'),
    says: 'must not grow from 10G',
  }),
  'a growth beyond a claim grown by hand, on a class that cannot expand any more': growth({
    was: size('10Gi'),
    status: { ...BY_HAND, volumesCanGrow: false },
    now: size('30Gi'),
    says: 'must not grow from 10Gi',
  }),
  'a growth of MySQL on a class that cannot expand': growth({
    was: { engine: 'mysql', version: '8.4', ...size('10Gi') },
    status: FIXED,
    now: { engine: 'mysql', version: '8.4', ...size('20Gi') },
    says: 'must not grow from 10Gi',
  }),
  'a backup volume that is to grow on a class that cannot expand': volume({
    was: backup({ size: '30Gi' }),
    status: FIXED,
    now: backup({ size: '50Gi' }),
    says: 'must not grow from 30Gi',
  }),
  'a backup volume that grows with storage that a claim already has': volume({
    was: backup({}),
    status: { ...BY_HAND, volumesCanGrow: false },
    now: backup({}, size('20Gi')),
    path: 'spec.backup.destination',
    says: 'must not grow from 20Gi, as it does with the storage',
  }),
  'a minor version below the one that runs': version({
    was: { version: '16.3' },
    status: { version: '16.10' },
    now: { version: '16.4' },
    says: 'must not lie below the data: the database runs 16.10',
  }),
  'a minor version of MySQL below the one that runs': version({
    was: { engine: 'mysql', version: '8.4.1' },
    status: { version: '8.4.3' },
    now: { engine: 'mysql', version: '8.4.2' },
    says: 'the database runs 8.4.3',
  }),
  'a minor version of MongoDB below the one that runs': version({
    was: { engine: 'mongodb', version: '7.0.1' },
    status: { version: '7.0.9' },
    now: { engine: 'mongodb', version: '7.0.2' },
    says: 'the database runs 7.0.9',
  }),
  'a deletion whose backups were never verified': deletion(
    { observedGeneration: 3 },
    'no verification of them is known',
  ),
  'a deletion whose verification failed': deletion(verified('2026-11-20T05:00:00Z', 'Failed'), 'failed at'),
  'a deletion whose verification is too old': deletion(verified('2026-11-01T05:00:00Z'), '19 days ago'),
  'a deletion whose verification is of the future': deletion(verified('2026-11-21T05:00:00Z'), 'ended at 2026-11-21'),
  'a deletion of a spec that the controller has not looked at': deletion(
    { ...verified('2026-11-20T05:00:00Z'), observedGeneration: 2 },
    'the controller has not looked at the present spec yet',
  ),
  'a deletion that the controller knows nothing of': deletion({}, 'has not looked at the present spec yet'),
  'a deletion with a gate of one day': deletion(
    verified('2026-11-18T05:00:00Z'),
    '2 days ago',
    gated('Deletion', 's3://backups/orders', 1),
  ),
  'another destination, and backups that were never verified': move(
    { observedGeneration: 3 },
    'no verification of them is known',
  ),
  'another destination, and a verification that failed': move(verified('2026-11-20T05:00:00Z', 'Failed'), 'failed at'),
  'another destination, and a verification that is too old': move(verified('2026-11-09T05:00:00Z'), '11 days ago'),
  'a volume in place of the bucket, unverified': move(
    { observedGeneration: 3 },
    'no verification',
    gated('DestinationChange', 'pvc://'),
  ),
  'another destination together with the removal of its gate, unverified': move(
    { observedGeneration: 3 },
    'no verification',
    { backup: { destination: 's3://others/orders' } },
  ),
  'a removal of backups, unverified': move({ observedGeneration: 3 }, 'no verification', {}),
};
