import { expect } from 'chai';
import type { DatabaseBackupStatus } from '../../../database/types.ts';
import type { BackupEntry, BackupList } from '../../../controller/cluster/backup-list.ts';
import { decideBackup } from '../../../controller/backups/decide.ts';
import type { BackupObject, BackupSeen } from '../../../controller/backups/observation.ts';
import { NOW, secondsAgo } from '../observations.ts';
import { DELETING, ENTRY, JOB, LIST, OFF, OWN, READY, RUN, seenWith, without } from './requested.ts';

const conditionOf = (status: DatabaseBackupStatus, type: string): string => {
  const found = status.conditions?.find((one) => one.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}`;
};
const SUCCEEDED: DatabaseBackupStatus = {
  ...{
    phase: 'Succeeded',
    message: 'the backup ended at 2026-11-21T10:03:00Z',
    backupName: ENTRY.label,
    size: '23.4Mi',
  },
  completionTime: '2026-11-21T10:03:00Z',
};
const of = (is: DatabaseBackupStatus): Partial<BackupObject> => ({ status: is });
const listed = (...backups: BackupEntry[]): BackupList => ({ ...LIST, backups });

interface Case {
  readonly name: string;
  readonly seen: BackupSeen;
  /** Phase, and the conditions Ready and Restorable. */
  readonly says: readonly [phase: string, ready: string, restorable: string];
  readonly makesJob?: true;
  readonly endsJob?: true;
  readonly message?: string;
  readonly stalled?: true;
}

const wait = (reason: string): Case['says'] => ['Pending', `False ${reason}`, 'False NotMade'];

const CASES: readonly Case[] = [
  { name: 'nothing is in its way', seen: seenWith(), says: wait('Starting'), makesJob: true },
  { name: 'there is no Database', seen: without('database'), says: wait('NoDatabase') },
  { name: 'it breaks rules', seen: seenWith({ problems: ['a', 'b'] }), says: wait('Invalid'), stalled: true },
  { name: 'it is being deleted', seen: seenWith({ own: { deleting: true } }), says: wait('Deleting') },
  {
    name: 'the Database breaks rules',
    seen: seenWith({ database: { isInvalid: true } }),
    says: wait('DatabaseInvalid'),
  },
  {
    name: 'backups are off',
    seen: seenWith(OFF),
    says: wait('BackupsOff'),
  },
  {
    name: 'the engine has none',
    seen: seenWith({ database: { canBackUp: false } }),
    says: wait('EngineCannot'),
    stalled: true,
  },
  {
    name: 'the Database is being made',
    seen: seenWith({ database: { own: { ...READY.own, status: { phase: 'Creating' } } } }),
    says: wait('DatabaseNotReady'),
  },
  {
    name: 'the Database is being deleted',
    seen: seenWith(DELETING),
    says: wait('DatabaseDeleting'),
  },
  {
    name: 'the deletion of the Database is held back',
    seen: seenWith({ database: { own: { ...READY.own, deletionRequestedAt: NOW } } }),
    says: wait('Starting'),
    makesJob: true,
  },
  { name: 'it is not known what the repository holds', seen: without('list'), says: wait('ListUnknown') },
  {
    name: 'the list is that of another repository',
    seen: seenWith({ list: { ...listed(ENTRY), repository: 'other' } }),
    says: wait('ListUnknown'),
  },
  {
    name: 'the last run could not read the repository',
    seen: seenWith({ list: { ...LIST, isWhole: false } }),
    says: wait('ListUnknown'),
  },
  {
    name: 'it is the first, before there is a list',
    seen: { ...without('list'), own: { ...OWN, name: 'orders-first-1f0c22' } },
    says: wait('Starting'),
    makesJob: true,
  },
  {
    name: 'the first has ended without a list',
    seen: { ...without('list'), database: { ...READY, firstHasEnded: true } },
    says: wait('Starting'),
    makesJob: true,
  },
  { name: 'another one runs', seen: seenWith({ database: { busyWith: 'x goes first' } }), says: wait('AnotherRuns') },
  {
    name: 'the Job has been refused for long',
    seen: seenWith({
      failing: [
        ...[
          {
            subject: 'create-job x',
            is: 'failed',
            why: 'quota',
            since: NOW,
            isLasting: true,
            isSetAside: true,
          } as const,
        ],
      ],
    }),
    says: wait('Starting'),
    makesJob: true,
    stalled: true,
  },
  { name: 'the Job goes on', seen: seenWith({ job: JOB }), says: ['Running', 'False Running', 'False NotMade'] },
  {
    name: 'the Job goes on after a failed try',
    seen: seenWith({
      job: JOB,
      list: { ...LIST, lastRun: { ...RUN, succeeded: false, job: JOB.name, reason: 'check ended with 82' } },
    }),
    says: ['Running', 'False Running', 'False NotMade'],
    message: 'the last try failed: check ended with 82',
  },
  {
    name: 'the Job goes on, and backups are off',
    seen: seenWith({ ...OFF, job: JOB }),
    says: ['Running', 'False Running', 'False NotMade'],
    endsJob: true,
  },
  {
    name: 'the Job goes on, and the Database is being deleted, which ends it',
    seen: seenWith({ ...DELETING, job: JOB }),
    says: ['Running', 'False Running', 'False NotMade'],
  },
  {
    name: 'the Job goes on, and the Database is not looked after at present',
    seen: { ...without('database'), job: JOB },
    says: ['Running', 'False Running', 'False NotMade'],
  },
  {
    name: 'the Job has succeeded, and backups are off',
    seen: seenWith({ ...OFF, job: { ...JOB, outcome: 'succeeded', endedAt: secondsAgo(10).getTime() } }),
    says: ['Running', 'False Running', 'False NotMade'],
  },
  {
    name: 'the Job is that of an earlier object',
    seen: seenWith({ job: { ...JOB, madeFor: 'u0' } }),
    says: wait('FormerJob'),
  },
  {
    name: 'the Job is of another maker',
    seen: seenWith({ job: Object.fromEntries(Object.entries(JOB).filter(([name]) => name !== 'madeFor')) as never }),
    says: wait('NameTaken'),
    stalled: true,
  },
  {
    name: 'the Job has just succeeded, and the list does not show it yet',
    seen: seenWith({ job: { ...JOB, outcome: 'succeeded', endedAt: secondsAgo(10).getTime() } }),
    says: ['Running', 'False Running', 'False NotMade'],
  },
  {
    name: 'the Job succeeded, and the list never showed it',
    seen: seenWith({ job: { ...JOB, outcome: 'succeeded', endedAt: secondsAgo(300).getTime() } }),
    says: ['Succeeded', 'True Succeeded', 'Unknown NotListed'],
  },
  {
    name: 'the Job failed, as the run says',
    seen: seenWith({
      job: { ...JOB, outcome: 'failed', reason: 'BackoffLimitExceeded' },
      list: { ...LIST, lastRun: { ...RUN, succeeded: false, job: JOB.name, reason: 'check ended with 82' } },
    }),
    says: ['Failed', 'True Failed', 'False RunFailed'],
    message: 'check ended with 82',
  },
  {
    name: 'the Job failed, and the last run was of another',
    seen: seenWith({
      job: { ...JOB, outcome: 'failed', reason: 'DeadlineExceeded', message: 'too long' },
      list: { ...LIST, lastRun: { ...RUN, succeeded: false, job: 'other-run', reason: 'x' } },
    }),
    says: ['Failed', 'True Failed', 'False RunFailed'],
    message: 'DeadlineExceeded: too long',
  },
  {
    name: 'the list has a backup that it asked for',
    seen: seenWith({ list: listed({ ...ENTRY, request: OWN.name }) }),
    says: ['Succeeded', 'True Succeeded', 'True InRepository'],
  },
  {
    name: 'the list has a backup of its Job',
    seen: seenWith({ list: { ...listed(ENTRY), lastRun: { ...RUN, job: JOB.name, label: ENTRY.label } }, job: JOB }),
    says: ['Succeeded', 'True Succeeded', 'True InRepository'],
  },
  {
    name: 'it failed, and the list has its backup all the same',
    seen: seenWith({ own: of({ phase: 'Failed' }), list: listed({ ...ENTRY, request: OWN.name }) }),
    says: ['Succeeded', 'True Succeeded', 'True InRepository'],
  },
  {
    name: 'it had succeeded, and retention took its backup away',
    seen: seenWith({ own: of(SUCCEEDED) }),
    says: ['Succeeded', 'True Succeeded', 'False Expired'],
  },
  {
    name: 'it had succeeded, and the last run failed',
    seen: seenWith({ own: of(SUCCEEDED), list: { ...LIST, lastRun: { ...RUN, succeeded: false } } }),
    says: ['Succeeded', 'True Succeeded', 'Unknown NotListed'],
  },
  {
    name: 'it had succeeded, and the Database is gone',
    seen: { ...without('database'), own: { ...OWN, status: SUCCEEDED } },
    says: ['Succeeded', 'True Succeeded', 'Unknown NotListed'],
  },
  {
    name: 'it had failed',
    seen: seenWith({ own: of({ phase: 'Failed', message: 'check ended with 82' }) }),
    says: ['Failed', 'True Failed', 'False Failed'],
    message: 'check ended with 82',
  },
  {
    name: 'its Job is not to be seen any more',
    seen: seenWith({ own: of({ phase: 'Running' }) }),
    says: ['Running', 'False Running', 'False NotMade'],
  },
  {
    name: 'its Job was deleted',
    seen: seenWith({ own: of({ phase: 'Running' }), isJobAbsent: true }),
    says: ['Failed', 'True Failed', 'False JobDeleted'],
  },
  {
    name: 'its Job was ended with the Database',
    seen: seenWith({ ...DELETING, own: of({ phase: 'Running' }), isJobAbsent: true }),
    says: ['Failed', 'True Failed', 'False JobDeleted'],
    message: 'the Database orders is being deleted',
  },
  {
    name: 'it shows a backup of the list that nobody asked for',
    seen: seenWith({ own: { recorded: ENTRY.label }, list: listed(ENTRY) }),
    says: ['Succeeded', 'True Succeeded', 'True InRepository'],
  },
  {
    name: 'somebody made it with the mark of a backup that is not there',
    seen: seenWith({ own: { recorded: 'invented' }, list: { ...LIST, left: 1 } }),
    says: ['Pending', 'False NotListed', 'False NotMade'],
  },
];

describe('A DatabaseBackup', () => {
  for (const { name, seen, says, makesJob, endsJob, message, stalled = false } of CASES) {
    it(`is ${says[0]} (${says[1]}) when ${name}`, () => {
      const { step, status } = decideBackup(seen, NOW);
      expect([status.phase, conditionOf(status, 'Ready'), conditionOf(status, 'Restorable')]).eql(says);
      const job = `${seen.own.name}-run`;
      const { uid, resourceVersion } = JOB;
      const ends = endsJob && { do: 'delete-job', job, uid, resourceVersion };
      expect(step).eql(makesJob ? { do: 'create-job', job } : ends);
      expect(conditionOf(status, 'Stalled').startsWith('True')).equal(stalled);
      if (message !== undefined) expect(status.message).contain(message);
    });
  }

  it('says what its backup is', () => {
    const { status } = decideBackup(seenWith({ list: listed({ ...ENTRY, request: OWN.name }) }), NOW);
    expect(status).deep.include({
      ...{ backupName: ENTRY.label, type: 'full', size: '23.4Mi', databaseSize: '1Gi', duration: 180 },
      ...{ startTime: '2026-11-21T10:00:00Z', completionTime: '2026-11-21T10:03:00Z' },
      restorableFrom: '2026-11-21T10:03:00Z',
      log: { start: ENTRY.logStart, end: ENTRY.logEnd },
    });
  });

  it('keeps what was known of a backup that is gone', () => {
    expect(decideBackup(seenWith({ own: of(SUCCEEDED) }), NOW).status).include({
      size: '23.4Mi',
      backupName: ENTRY.label,
    });
  });

  it('has the same status at the next look, and no step once it has ended', () => {
    for (const { seen, name } of CASES) {
      const { status } = decideBackup(seen, NOW);
      const again = decideBackup({ ...seen, own: { ...seen.own, status } }, new Date(NOW.getTime() + 1000));
      if (seen.job?.outcome !== undefined || seen.isJobAbsent) continue;
      expect(again.status, name).eql(status);
    }
    for (const phase of ['Succeeded', 'Failed'] as const) {
      for (const { seen, name } of CASES) {
        const { step } = decideBackup({ ...seen, own: { ...seen.own, status: { phase } } }, NOW);
        expect(step, `${phase}, ${name}`).equal(undefined);
      }
    }
  });
});
