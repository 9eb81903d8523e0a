import {
  conditions,
  databaseRef,
  flag,
  moment,
  object,
  objectName,
  observedGeneration,
  schedule,
  targetLSN,
  targetName,
  targetTime,
  text,
  timeZone,
  whole,
} from './common.ts';
import type { Kind, PrinterColumn } from './schema.ts';

const columns = (...own: PrinterColumn[]): PrinterColumn[] => [
  { name: 'Database', type: 'string', jsonPath: '.spec.databaseRef.name', description: 'The Database it is about.' },
  ...own,
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Age of the object.' },
];
const phaseColumn: PrinterColumn = {
  name: 'Status',
  type: 'string',
  jsonPath: '.status.phase',
  description: 'One word for the state.',
};

/** DatabaseBackup: a single backup, or backups on a schedule of their own. */
export const backupKind: Kind = {
  kind: 'DatabaseBackup',
  plural: 'databasebackups',
  singular: 'databasebackup',
  shortNames: ['dbbackup'],
  description: 'A backup of a Database: one now, or on a schedule of its own.',
  scale: false,
  spec: object(
    'What to back up, how, and when.',
    {
      databaseRef,
      type: text('Kind of backup; auto is full when there is none to build on, else incremental.', 16, {
        enum: ['auto', 'full', 'incremental'],
        default: 'auto',
      }),
      schedule: {
        ...schedule,
        description: `${schedule.description} One backup now when absent. Fixed once the object exists.`,
      },
      timeZone: {
        ...timeZone,
        description:
          'IANA time zone of the schedule, for example Europe/Berlin; that of the backups of the Database when absent.',
      },
      suspend: flag('Whether the schedule is paused.', { default: false }),
      keepForever: flag('Whether retention of the Database never takes its backups away.', { default: false }),
    },
    { required: ['databaseRef'] },
  ),
  status: object('What the controller last saw. Only the controller writes it.', {
    phase: text('One word for the state; of a schedule Scheduled or Suspended.', 16, {
      enum: ['Pending', 'Running', 'Succeeded', 'Failed', 'Scheduled', 'Suspended'],
    }),
    observedGeneration,
    message: text('What it waits for, or what became of it, as a sentence.', 1024),
    backupName: text('Name of the backup in its repository.', 253),
    type: text('What it was made as: full, differential or incremental.', 16, {
      enum: ['full', 'differential', 'incremental'],
    }),
    startTime: moment('When it started.'),
    completionTime: moment('When it ended.'),
    duration: whole('How many seconds it took.', 0, Number.MAX_SAFE_INTEGER, { format: 'int64' }),
    size: text('What it takes in its repository, as a quantity.', 32),
    databaseSize: text('Size of the database that it holds, as a quantity.', 32),
    restorableFrom: moment('The earliest point in time that can be restored from it: its end.'),
    log: object('The part of the log without which it cannot be restored, by the names of the engine.', {
      start: text('The first one.', 128),
      end: text('The last one.', 128),
    }),
    nextTime: moment('Of a schedule: when the next backup starts.'),
    lastTime: moment('Of a schedule: when the last run started.'),
    lastBackup: text('Of a schedule: the DatabaseBackup of the newest backup that it made.', 253),
    backupCount: whole('Of a schedule: backups that it made and that are kept.', 0, 1_000_000, { format: 'int32' }),
    conditions,
  }),
  columns: columns(
    { name: 'Type', type: 'string', jsonPath: '.status.type', description: 'Full, differential or incremental.' },
    phaseColumn,
    { name: 'Size', type: 'string', jsonPath: '.status.size', description: 'What it takes in its repository.' },
    { name: 'Completed', type: 'date', jsonPath: '.status.completionTime', description: 'How long ago it ended.' },
  ),
};

/** DatabaseRestore: restores a Database from a backup, in place. */
export const restoreKind: Kind = {
  kind: 'DatabaseRestore',
  plural: 'databaserestores',
  singular: 'databaserestore',
  shortNames: ['dbrestore'],
  description: 'Puts a Database back to a backup, in place. To restore into a new Database, use its spec.bootstrap.',
  scale: false,
  spec: object(
    'Which Database is put back to which backup.',
    {
      databaseRef,
      backupRef: object(
        'The DatabaseBackup, in the same namespace, to restore from.',
        { name: objectName('Name of the DatabaseBackup.', 253, { minLength: 1 }) },
        { required: ['name'] },
      ),
      backup: text('Name of a backup in the repository, instead of backupRef.', 253, { holds: 'backup-name' }),
      targetTime: targetTime('the end of the backup that is named'),
      targetLSN,
      targetName,
      confirmOverwrite: text('The name of the Database once more: says that its present data may be overwritten.', 63),
    },
    { required: ['databaseRef'] },
  ),
  status: object('What the controller last saw. Only the controller writes it.', {
    phase: text('One word for the state.', 16, {
      enum: ['Pending', 'BackingUp', 'Stopping', 'Restoring', 'Starting', 'Succeeded', 'Failed'],
    }),
    observedGeneration,
    message: text('What it waits for, or what became of it, as a sentence.', 1024),
    backupName: text('Name of the backup in its repository that was restored.', 253),
    backupBefore: text('The DatabaseBackup of the data that were there before.', 253),
    startTime: moment('When the members began to stop.'),
    completionTime: moment('When it ended.'),
    conditions,
  }),
  columns: columns(phaseColumn, {
    name: 'Backup',
    type: 'string',
    jsonPath: '.status.backupName',
    description: 'The backup that was restored.',
  }),
};

/** DatabaseUser: a login role with rights in a Database. */
export const userKind: Kind = {
  kind: 'DatabaseUser',
  plural: 'databaseusers',
  singular: 'databaseuser',
  shortNames: ['dbuser'],
  description: 'A user of a Database with its rights.',
  scale: false,
  spec: object(
    'Who the user is and what it may do.',
    {
      databaseRef,
      username: text('Name that the user logs in with; the name of this object when absent.', 63),
      permissions: {
        type: 'array',
        description: 'What the user may do, a line for each database of the server.',
        maxItems: 64,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['database'],
        items: object(
          'The rights in one database of the server.',
          {
            database: text('Name of the database inside the server, for example app.', 63, {
              minLength: 1,
              holds: 'database-name',
            }),
            access: text('readOnly, readWrite or owner.', 16, { enum: ['readOnly', 'readWrite', 'owner'] }),
          },
          { required: ['database', 'access'] },
        ),
      },
      connectionLimit: whole('Connections at most; no limit when absent.', 1, 10_000, { format: 'int32' }),
      passwordSecretRef: object(
        'Secret, in the same namespace, with the password; the controller makes one when absent.',
        {
          name: objectName('Name of the Secret.', 253, { minLength: 1 }),
          key: text('Key inside it.', 253, { default: 'password', holds: 'secret-key' }),
        },
        { required: ['name'] },
      ),
      deletionPolicy: text('Whether the user stays in the database (Retain) or is dropped (Delete).', 8, {
        enum: ['Retain', 'Delete'],
        default: 'Retain',
      }),
    },
    { required: ['databaseRef'] },
  ),
  status: object('What the controller last saw. Only the controller writes it.', {
    phase: text('One word for the state.', 16, { enum: ['Pending', 'Ready', 'Failed'] }),
    observedGeneration,
    secretName: text('Secret that holds the credentials.', 253),
    conditions,
  }),
  columns: columns(
    { name: 'Username', type: 'string', jsonPath: '.spec.username', description: 'Login name.' },
    phaseColumn,
  ),
};
