import {
  destination,
  encryption,
  flag,
  object,
  objectName,
  quantity,
  retention,
  ruledNumber,
  schedule,
  targetLSN,
  targetName,
  targetTime,
  text,
  timeZone,
  whole,
} from './common.ts';
import { databaseStatus } from './database-status.ts';
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

const verification: Schema = object(
  'A regular proof that the newest backup can be restored: it is restored into a volume of its own, started, read completely, and asked. Members are not touched. Nothing is proven while this is absent.',
  {
    schedule: { ...schedule, description: `${schedule.description ?? ''} In the time zone of the backups.` },
    sql: {
      type: 'array',
      description:
        'Queries about the restored data, each of which must give true: one row with one boolean. They run in the database app, under a role that can read everything and write nothing, each for at most five minutes.',
      maxItems: 10,
      items: { type: 'string', maxLength: 2048, holds: 'query' },
    },
    gate: object(
      'What waits for a proof: it is refused unless the latest verification of the present backups succeeded, and is young enough. To remove or change the gate is a change of its own.',
      {
        before: {
          type: 'array',
          description:
            'What is refused without it. Deletion: the deletion of the Database with its data (deletionPolicy Delete). DestinationChange: a change of the destination, which leaves the present backups behind.',
          minItems: 1,
          maxItems: 8,
          'x-kubernetes-list-type': 'set',
          items: text('Deletion or DestinationChange.', 32, { enum: ['Deletion', 'DestinationChange'] }),
        },
        maxAge: {
          'x-kubernetes-int-or-string': true,
          maxLength: 8,
          description: 'How many days ago the verification may have ended (7 or "7d").',
          default: '7d',
          holds: 'days',
        },
      },
      { required: ['before'] },
    ),
  },
  { required: ['schedule'] },
);

const backup: Schema = object('Scheduled backups. Nothing is backed up while this is absent.', {
  enabled: flag('Whether the schedule runs.', { default: true }),
  schedule: { ...schedule, default: '0 2 * * *' },
  timeZone: { ...timeZone, default: 'Etc/UTC' },
  retention,
  destination,
  encryption,
  verify: verification,
});

const bootstrap: Schema = object('How the data is first made. Read only when there are none yet.', {
  adopt: flag('Take over the volumes that an earlier Database of this name left behind.', { default: false }),
  recover: flag(
    'Begin with what this Database left behind, when it is made again: its volumes; else the newest state that spec.backup.destination holds under its own name; else restore, or empty. May be set and left at any time. With encryption, the Secret NAME-backup-key must be brought back as well.',
    { default: false },
  ),
  restore: object(
    'Start from a backup of another Database instead of an empty database.',
    {
      from: objectName('Name of the Database, in the same namespace, whose backup is restored.', 63, { minLength: 1 }),
      backup: text('Name of the backup; the newest that fits when absent.', 253, { holds: 'backup-name' }),
      targetTime: targetTime('the end of the backup that is named, else the latest state that the archive holds'),
      targetLSN,
      targetName,
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

/** The Database: one engine cluster with its storage, backups and monitoring. */
export const databaseKind: Kind = {
  kind: 'Database',
  plural: 'databases',
  singular: 'database',
  shortNames: ['db'],
  description: 'A database: one engine cluster with its storage, backups and monitoring.',
  spec,
  status: databaseStatus,
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
