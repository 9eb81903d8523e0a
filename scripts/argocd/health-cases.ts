import type { ObjectWithStatus } from '../../database/health.ts';

/** An object whose health the upstream tests of Argo CD look at. */
export interface HealthCase {
  /** Name of the file below testdata. */
  readonly file: string;
  readonly object: ObjectWithStatus;
}

type Status = NonNullable<ObjectWithStatus['status']>;
type ConditionStatus = readonly [type: string, status: 'True' | 'False', reason: string, message: string];

const GENERATION = 3;

function conditionOf([type, status, reason, message]: ConditionStatus): NonNullable<Status['conditions']>[number] {
  return { type, status, reason, message };
}

function statusOf(conditions: readonly ConditionStatus[], more: Omit<Status, 'conditions'> = {}): Status {
  return { observedGeneration: GENERATION, conditions: conditions.map(conditionOf), ...more };
}

/** An object of a kind, named orders, whose spec does not matter. */
function objectOf(
  kind: string,
  status: Status | undefined,
  metadata: ObjectWithStatus['metadata'] = {},
): ObjectWithStatus {
  const named = { name: 'orders', namespace: 'shop', generation: GENERATION, ...metadata };
  return { ...{ apiVersion: 'db.example.com/v1alpha1' }, kind, metadata: named, ...(status && { status }) };
}

const READY: ConditionStatus = ['Ready', 'True', 'Ready', 'orders-0 takes writes, and 3 of 3 members serve'];
const DOWN: ConditionStatus = ['Ready', 'False', 'NoPrimary', 'nobody takes writes'];
const FREE: ConditionStatus = ['Stalled', 'False', 'Free', 'nothing is in the way'];
const MAY_CHANGE: ConditionStatus = ['WorkloadMayChange', 'True', 'Free', 'the workload may be as it is rendered'];

const databases: readonly (readonly [file: string, status?: Status, metadata?: ObjectWithStatus['metadata']])[] = [
  ['no-status'],
  ['not-yet-seen', { ...statusOf([READY, FREE, MAY_CHANGE]), observedGeneration: 2 }],
  ['ready', statusOf([READY, FREE, MAY_CHANGE])],
  ['without-members', statusOf([DOWN, FREE, MAY_CHANGE])],
  [
    'primary-leaves',
    statusOf([
      READY,
      FREE,
      [
        'WorkloadMayChange',
        'False',
        'PrimaryLeaves',
        'members must not go yet: the primary is among those that are to go',
      ],
    ]),
  ],
  [
    'invalid',
    statusOf([
      READY,
      ['Stalled', 'True', 'Invalid', 'spec.replicas: must be between 1 and 9'],
      ['WorkloadMayChange', 'False', 'Invalid', 'the Database breaks rules'],
    ]),
  ],
  [
    'volumes-of-another',
    statusOf([
      DOWN,
      [
        'Stalled',
        'True',
        'VolumesOfAnotherDatabase',
        'data-orders-0 holds the data of an earlier Database of this name',
      ],
      ['WorkloadMayChange', 'False', 'VolumesOfAnotherDatabase', 'members would start on the data of another Database'],
    ]),
  ],
  [
    'failed-backup',
    statusOf([READY, FREE, MAY_CHANGE, ['BackupHealthy', 'False', 'LastFailed', 'the backup of 02:00 failed']]),
  ],
  [
    'stalled-credentials',
    statusOf([READY, ['Stalled', 'True', 'Credentials', 'the Secret orders-app has no password'], MAY_CHANGE]),
  ],
  [
    'deletion-held',
    statusOf([READY, ['Stalled', 'True', 'DeletionProtected', 'deletionPolicy is Protect'], MAY_CHANGE]),
    { deletionTimestamp: '2026-11-28T12:00:00Z' },
  ],
];

const SUCCEEDED = statusOf([['Ready', 'True', 'Succeeded', 'the backup ended at 2026-11-28T12:00:00Z'], FREE], {
  phase: 'Succeeded',
});
const RUNNING = statusOf([['Ready', 'False', 'Running', 'its Job runs'], FREE], { phase: 'Running' });
const FAILED = statusOf([['Ready', 'True', 'Failed', 'the bucket refused the key'], FREE], { phase: 'Failed' });
const STALLED = statusOf(
  [
    ['Ready', 'False', 'NoDatabase', 'there is no Database orders in this namespace'],
    ['Stalled', 'True', 'NoDatabase', 'there is no Database orders in this namespace'],
  ],
  { phase: 'Pending' },
);
const HOOK = { annotations: { 'argocd.argoproj.io/hook': 'PreSync' } };

const ending: readonly (readonly [file: string, status?: Status])[] = [
  ['no-status'],
  ['running', RUNNING],
  ['succeeded', SUCCEEDED],
  ['failed', FAILED],
  ['stalled', STALLED],
];

/** The cases of each kind that has a health check in Lua. */
export const HEALTH_CASES: Readonly<Record<string, readonly HealthCase[]>> = {
  Database: databases.map(([file, status, metadata]) => ({ file, object: objectOf('Database', status, metadata) })),
  DatabaseBackup: [
    ...ending.map(([file, status]) => ({ file, object: objectOf('DatabaseBackup', status) })),
    ...ending.map(([file, status]) => ({ file: `hook-${file}`, object: objectOf('DatabaseBackup', status, HOOK) })),
  ],
  DatabaseRestore: ending.map(([file, status]) => ({ file, object: objectOf('DatabaseRestore', status) })),
};

/** The kinds that have a resource customization. */
export const CUSTOMIZED_KINDS = Object.keys(HEALTH_CASES);
