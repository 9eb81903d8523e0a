import {
  conditions,
  destination,
  encryption,
  flag,
  moment,
  object,
  objectName,
  observedGeneration,
  quantity,
  retention,
  ruledNumber,
  schedule,
  targetTime,
  text,
  timeZone,
  whole,
} from './common.ts';
import { networkPolicy, nodeSelector, serviceAccount, tolerations } from './scheduling.ts';
import type { Kind, Schema } from './schema.ts';

const resourceList = (what: string): Schema =>
  object(what, {
    cpu: quantity('Processor time in cores, for example 500m or 2.', 'amount'),
    memory: quantity('Memory in bytes, for example 1Gi.', 'amount'),
  });

const storage: Schema = object(
  'The volume that each member keeps its data on.',
  {
    size: quantity(
      'Size of each volume, for example 20Gi; from 1Gi to 64Ti. It may grow, never shrink.',
      'volume-size',
    ),
    storageClassName: objectName(
      'StorageClass of the volumes; the default class of the cluster when absent. Fixed once the Database exists.',
      253,
    ),
  },
  { required: ['size'] },
);

const backup: Schema = object('Scheduled backups. Nothing is backed up while this is absent.', {
  enabled: flag('Whether the schedule runs.', { default: true }),
  schedule: { ...schedule, default: '0 2 * * *' },
  timeZone: { ...timeZone, default: 'Etc/UTC' },
  retention,
  destination,
  encryption,
});

const bootstrap: Schema = object('How the data is first made. Read only when the Database is created.', {
  adopt: flag('Take over the volumes that an earlier Database of this name left behind.', { default: false }),
  restore: object(
    'Start from a backup instead of an empty database.',
    {
      from: objectName('Name of the Database, in the same namespace, whose backup is restored.', 63, { minLength: 1 }),
      backup: text('Name of the backup; the newest that fits when absent.', 253, { holds: 'backup-name' }),
      targetTime,
      destination: {
        ...destination,
        description:
          'Where that backup is, in a bucket; the bucket of spec.backup, under the name of the source, when absent.',
      },
      encryptionSecret: objectName(
        'Secret of the same namespace with the key passphrase, when the backups in that bucket are encrypted: that of the source, SOURCE-backup-key, or a copy of it.',
        253,
      ),
    },
    { required: ['from'] },
  ),
});

const spec: Schema = object(
  'What the database should be.',
  {
    engine: text('The database engine. Fixed once the Database exists.', 16, {
      enum: ['postgresql', 'mysql', 'mongodb'],
      default: 'postgresql',
    }),
    version: {
      'x-kubernetes-int-or-string': true,
      maxLength: 16,
      description:
        'Version of the engine: a major version (16) or major.minor as quoted text ("16.3"). Upgrades go one major version at a time, never down.',
    },
    size: text(
      'Preset for replicas and resources: small (1 replica, 500m CPU, 512Mi), medium (2 replicas, 1 CPU, 1Gi), large (3 replicas, 2 CPU, 2Gi).',
      8,
      { enum: ['small', 'medium', 'large'] },
    ),
    replicas: ruledNumber('Number of members, the primary included: 1 to 9. The preset of size, else 1, when absent.'),
    storage,
    resources: object('Processor time and memory of each member. The preset of size when absent.', {
      requests: resourceList('What the scheduler sets aside.'),
      limits: resourceList('What a member may use at most.'),
    }),
    parameters: {
      type: 'object',
      description:
        'Settings of the engine by name, for example max_connections: "200". Settings that Ballast owns are refused.',
      maxProperties: 128,
      additionalProperties: { 'x-kubernetes-int-or-string': true, maxLength: 512 },
    },
    backup,
    bootstrap,
    monitoring: object('Metrics, alerts and a dashboard.', {
      enabled: flag('Whether metrics are scraped; the installation decides when absent.'),
      alerting: flag('Whether alert rules are made; the same as enabled when absent.'),
    }),
    highAvailability: object('How standbys follow the primary. No effect with one replica.', {
      synchronous: text(
        'Whether a commit waits for a standby: "off" (quote it) never, preferred while one is there, required always.',
        16,
        { enum: ['off', 'preferred', 'required'], default: 'preferred' },
      ),
      maximumLagBytes: whole(
        'A standby that is further behind than this many bytes does not become primary.',
        0,
        1_099_511_627_776,
        { default: 1_048_576, format: 'int64' },
      ),
    }),
    networkPolicy,
    serviceAccount,
    podAntiAffinity: text('Whether members avoid each other’s nodes: preferred when they can, required always.', 16, {
      enum: ['preferred', 'required'],
      default: 'preferred',
    }),
    nodeSelector,
    tolerations,
    priorityClassName: objectName('PriorityClass of the pods.', 253),
    deletionPolicy: text(
      'What deletion does. Protect: it is refused. Retain: the workload goes, data and credentials stay. Delete: all goes, once confirmed by the annotation db.example.com/confirm-delete.',
      8,
      { enum: ['Protect', 'Retain', 'Delete'], default: 'Retain' },
    ),
  },
  { required: ['version', 'storage'] },
);

const status: Schema = object('What the controller last saw. Only the controller writes it.', {
  phase: text('One word for the state.', 16, {
    enum: ['Pending', 'Creating', 'Running', 'Scaling', 'Updating', 'Restoring', 'FailingOver', 'Failed', 'Deleting'],
  }),
  observedGeneration,
  replicas: whole('Members that exist.', 0, 99, { format: 'int32' }),
  readyReplicas: whole('Members that serve.', 0, 99, { format: 'int32' }),
  ready: text('Ready members of those wanted, for example 2/3.', 8),
  primary: text('Pod of the primary.', 253),
  version: text('Version that runs.', 32),
  selector: text('Label selector of the members, for autoscalers and `kubectl scale`.', 512),
  endpoints: object('Where clients connect.', {
    primary: text('host:port for reads and writes.', 320),
    readOnly: text('host:port for reads.', 320),
  }),
  lastBackup: object('The latest finished backup.', {
    name: text('Name of the backup.', 253),
    time: moment('When it ended.'),
    size: text('Its size as a quantity.', 32),
    result: text('Succeeded or Failed.', 16, { enum: ['Succeeded', 'Failed'] }),
  }),
  largestVolume: text(
    'Size of the largest volume, there or asked for, as a quantity: storage.size may go back to it.',
    32,
  ),
  nextBackup: moment('When the next backup starts.'),
  backupCount: whole('Backups that are kept.', 0, 1_000_000, { format: 'int32' }),
  restorable: object('The points in time that can be restored.', {
    from: moment('The earliest one: the end of the oldest backup.'),
  }),
  operation: object('What has the Database to itself: nothing else that follows from the spec is done meanwhile.', {
    name: text('Which operation it is.', 32, { enum: ['teardown'] }),
    startTime: moment('When it began.'),
    step: text('The step that goes on.', 256),
    since: moment('Since when this step goes on.'),
  }),
  handled: object('What the controller remembers from one look to the next.', {
    primary: text('The last primary that was seen.', 253),
    switchover: object('The request in the annotation db.example.com/switchover that was taken up last.', {
      request: text('Value of the annotation.', 1024),
      from: text('Primary when the request was taken up; absent once it is done.', 253),
      result: text('What became of it.', 1024),
    }),
    rotation: text('Value of the annotation db.example.com/rotate-credentials that was acted on last.', 1024),
    backup: text('Value of the annotation db.example.com/backup that was acted on last.', 1024),
  }),
  conditions,
});

/** The Database: one engine cluster with its storage, backups and monitoring. */
export const databaseKind: Kind = {
  kind: 'Database',
  plural: 'databases',
  singular: 'database',
  shortNames: ['db'],
  description: 'A database: one engine cluster with its storage, backups and monitoring.',
  spec,
  status,
  scale: true,
  standIns: { version: '18', storage: { size: '1Gi' } },
  columns: [
    { name: 'Engine', type: 'string', jsonPath: '.spec.engine', description: 'Database engine.' },
    { name: 'Version', type: 'string', jsonPath: '.spec.version', description: 'Version asked for.' },
    { name: 'Ready', type: 'string', jsonPath: '.status.ready', description: 'Ready members of those wanted.' },
    { name: 'Primary', type: 'string', jsonPath: '.status.primary', description: 'Pod of the primary.' },
    { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'One word for the state.' },
    { name: 'Last Backup', type: 'date', jsonPath: '.status.lastBackup.time', description: 'Age of the last backup.' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Age of the Database.' },
  ],
};
