import { conditions, flag, moment, object, observedGeneration, text, whole } from './common.ts';
import type { Schema } from './schema.ts';

/** The status of a Database. */
export const databaseStatus: Schema = object('What the controller last saw. Only the controller writes it.', {
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
  lastVerified: object('The latest verification of a backup.', {
    name: text('Name of the backup that was verified; absent when none could be chosen.', 253),
    time: moment('When the verification ended.'),
    result: text('Succeeded or Failed; the condition BackupHealthy says why.', 16, { enum: ['Succeeded', 'Failed'] }),
  }),
  largestVolume: text(
    'Size of the largest volume, there or asked for, as a quantity: storage.size may go back to it.',
    32,
  ),
  largestClaim: text('Size that the largest claim of a volume asks for, as a quantity.', 32),
  volumesCanGrow: flag('Whether the storage class of the volumes lets them grow; absent while it is not known.'),
  nextBackup: moment('When the next backup starts.'),
  backupCount: whole('Backups that are kept.', 0, 1_000_000, { format: 'int32' }),
  restorable: object('The points in time that can be restored.', {
    from: moment('The earliest one: the end of the oldest backup.'),
    to: moment(
      'The latest one, while the log after it waits to be archived or was given up. Absent while the log is archived as it is written: the latest is then a minute ago at most.',
    ),
  }),
  operation: object('What has the Database to itself: nothing else that follows from the spec is done meanwhile.', {
    name: text('Which operation it is.', 32, { enum: ['teardown', 'restore'] }),
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
    restart: object('The request in the annotation db.example.com/restart that was taken up last.', {
      request: text('Value of the annotation.', 1024),
      pods: {
        type: 'array',
        description: 'The uids of the pods that are still to be recreated; absent once it is done.',
        items: text('A uid.', 64),
        maxItems: 99,
      },
    }),
    rotation: text('Value of the annotation db.example.com/rotate-credentials that was acted on last.', 1024),
    backup: text('Value of the annotation db.example.com/backup that was acted on last.', 1024),
  }),
  conditions,
});
