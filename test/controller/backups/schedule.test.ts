import { expect } from 'chai';
import { applyDefaults } from '../../../database/defaults.ts';
import { backupKind } from '../../../database/schema/operations.ts';
import type { DatabaseBackupStatus } from '../../../database/types.ts';
import type { BackupEntry, BackupList } from '../../../controller/cluster/backup-list.ts';
import type { CronJobProjection } from '../../../controller/cluster/workload.ts';
import { decideBackup } from '../../../controller/backups/decide.ts';
import { eventsOfStatus } from '../../../controller/backups/event-messages.ts';
import type {
  BackupObject,
  BackupSeen,
  DatabaseOfBackup,
  ScheduleSeen,
  WantedSchedule,
} from '../../../controller/backups/observation.ts';
import { NOW, healthy, secondsAgo } from '../observations.ts';

const REPOSITORY = '1f0c22aa33445566';
const SCHEDULE = '0 4 * * 0';
const OWN: BackupObject = {
  ...{ name: 'weekly', namespace: 'shop', uid: 'u1', generation: 1, deleting: false },
  spec: applyDefaults(backupKind.spec, { databaseRef: { name: 'orders' }, schedule: SCHEDULE }) as BackupObject['spec'],
};
const { own: database } = healthy(1);
const READY: DatabaseOfBackup = {
  own: { ...database, status: { phase: 'Running' } },
  ...{ isInvalid: false, canBackUp: true, repository: REPOSITORY, first: 'orders-first-1f0c22', firstHasEnded: true },
};
const WANTED: WantedSchedule = { schedule: SCHEDULE, timeZone: 'Etc/UTC', suspend: false, fingerprint: 'f1' };
const CRON_JOB: CronJobProjection = {
  ...{ uid: 'c1', resourceVersion: '9', owner: 'shop/orders', name: 'weekly-schedule', revision: '', deleting: false },
  cron: { active: 0, suspended: false },
  ofBackup: { madeFor: 'u1', madeFrom: 'f1', schedule: SCHEDULE, timeZone: 'Etc/UTC' },
};
const ENTRY: BackupEntry = {
  ...{ label: '20261121-100000F', type: 'full', schedule: 'weekly' },
  ...{ startedAt: secondsAgo(7200).getTime(), endedAt: secondsAgo(7020).getTime() },
};
const LIST: BackupList = { repository: REPOSITORY, backups: [], left: 0, gaps: [], isWhole: true };

interface Changes extends Partial<Omit<BackupSeen, 'own' | 'database' | 'schedule'>> {
  readonly own?: Partial<BackupObject>;
  readonly database?: Partial<DatabaseOfBackup> | 'none';
  readonly schedule?: Partial<ScheduleSeen>;
}

const seenWith = ({ own, database: of, schedule, ...changes }: Changes = {}): BackupSeen => ({
  ...{ own: { ...OWN, ...own }, problems: [], list: LIST, isJobAbsent: false },
  ...(of !== 'none' && { database: { ...READY, ...of } }),
  schedule: { isDatabaseGone: false, wanted: WANTED, ...schedule },
  ...changes,
});
const standing = (changes: Partial<CronJobProjection> = {}, more: Changes = {}): BackupSeen =>
  seenWith({ ...more, schedule: { cronJob: { ...CRON_JOB, ...changes }, ...more.schedule } });
const ran = (secondsSince: number, cron: Partial<CronJobProjection['cron']> = {}): Partial<CronJobProjection> => ({
  cron: { ...CRON_JOB.cron, lastScheduledAt: secondsAgo(secondsSince), ...cron },
});
const conditionOf = ({ conditions }: DatabaseBackupStatus, type: string): string => {
  const found = conditions?.find((one) => one.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}`;
};

const APPLY = { do: 'apply-cron-job', cronJob: 'weekly-schedule' } as const;
const CHANGE = { ...APPLY, uid: 'c1' } as const;
const DELETE = { do: 'delete-cron-job', cronJob: 'weekly-schedule', uid: 'c1', resourceVersion: '9' } as const;

interface Case {
  readonly name: string;
  readonly seen: BackupSeen;
  /** Phase, and the conditions Ready and BackupHealthy. */
  readonly says: readonly [phase: string, ready: string, healthy: string];
  readonly step?: object;
  readonly stalled?: true;
}

const NONE = 'Unknown NoneYet';
const pending = (reason: string): Case['says'] => ['Pending', `False ${reason}`, NONE];
const OFF: Changes = { database: { repository: undefined } as unknown as Partial<DatabaseOfBackup> };
const deletingIn = (phase: 'Running' | 'Deleting'): Changes => ({
  database: { own: { ...READY.own, deletionRequestedAt: NOW, status: { phase } } },
});
const DELETING = deletingIn('Deleting');
const CREATING: Changes = { database: { own: { ...database, status: { phase: 'Creating' } } } };

const CASES: readonly Case[] = [
  { name: 'it has no CronJob', seen: seenWith(), says: pending('Starting'), step: APPLY },
  { name: 'there is no Database', seen: seenWith({ database: 'none' }), says: pending('NoDatabase') },
  { name: 'the Database takes no writes yet', seen: seenWith(CREATING), says: pending('DatabaseNotReady') },
  { name: 'backups are off', seen: seenWith(OFF), says: pending('BackupsOff') },
  {
    name: 'the engine has none',
    seen: seenWith({ database: { canBackUp: false } }),
    says: pending('EngineCannot'),
    stalled: true,
  },
  { name: 'it breaks rules', seen: seenWith({ problems: ['a'] }), says: pending('Invalid'), stalled: true },
  { name: 'it is being deleted', seen: seenWith({ own: { deleting: true } }), says: pending('Deleting') },
  {
    name: 'the CronJob has been refused for long',
    seen: seenWith({
      failure: 'quota',
      failing: [{ subject: 'x', is: 'failed', why: 'quota', since: NOW, isLasting: true, isSetAside: true }],
    }),
    says: pending('Starting'),
    step: APPLY,
    stalled: true,
  },
  {
    name: 'the CronJob is that of an earlier object of its name',
    seen: standing({ ofBackup: { madeFor: 'u0' } }),
    says: pending('FormerCronJob'),
  },
  { name: 'the CronJob is as it should be', seen: standing(), says: ['Scheduled', 'True Scheduled', NONE] },
  {
    name: 'the CronJob was made from something else',
    seen: standing({ ofBackup: { madeFor: 'u1', madeFrom: 'f0', schedule: SCHEDULE, timeZone: 'Etc/UTC' } }),
    says: ['Scheduled', 'True Scheduled', NONE],
    step: CHANGE,
  },
  {
    name: 'the schedule of the CronJob was changed by hand',
    seen: standing({ ofBackup: { madeFor: 'u1', madeFrom: 'f1', schedule: '@daily', timeZone: 'Etc/UTC' } }),
    says: ['Scheduled', 'True Scheduled', NONE],
    step: CHANGE,
  },
  {
    name: 'the CronJob was suspended by hand',
    seen: standing({ cron: { active: 0, suspended: true } }),
    says: ['Scheduled', 'True Scheduled', NONE],
    step: CHANGE,
  },
  {
    name: 'it is suspended',
    seen: standing({ cron: { active: 0, suspended: true } }, { schedule: { wanted: { ...WANTED, suspend: true } } }),
    says: ['Suspended', 'True Suspended', NONE],
  },
  {
    name: 'the Database takes no writes for a while',
    seen: standing({}, CREATING),
    says: ['Scheduled', 'True Scheduled', NONE],
  },
  {
    name: 'the Database breaks rules now',
    seen: standing({}, { database: { isInvalid: true }, schedule: { wanted: undefined as never } }),
    says: ['Scheduled', 'False DatabaseInvalid', NONE],
  },
  {
    name: 'the object breaks rules now',
    seen: standing({ ofBackup: { madeFor: 'u1', madeFrom: 'f0' } }, { problems: ['a'] }),
    says: ['Scheduled', 'False Invalid', NONE],
    stalled: true,
  },
  {
    name: 'backups were switched off',
    seen: standing({}, OFF),
    says: ['Scheduled', 'False BackupsOff', NONE],
    step: DELETE,
  },
  {
    name: 'the Database is being deleted',
    seen: standing({}, DELETING),
    says: ['Scheduled', 'False DatabaseDeleting', NONE],
    step: DELETE,
  },
  {
    name: 'the deletion of the Database is held back',
    seen: standing({}, deletingIn('Running')),
    says: ['Scheduled', 'True Scheduled', NONE],
  },
  {
    name: 'the Database is gone',
    seen: standing({}, { database: 'none', schedule: { isDatabaseGone: true } }),
    says: ['Scheduled', 'False NoDatabase', NONE],
    step: DELETE,
  },
  {
    name: 'the Database is there, and not looked after at present',
    seen: standing({}, { database: 'none' }),
    says: ['Scheduled', 'False NoDatabase', NONE],
  },
  { name: 'the CronJob goes', seen: standing({ deleting: true }, OFF), says: ['Scheduled', 'False Stopping', NONE] },
  {
    name: 'it has made a backup',
    seen: standing(ran(7300, { lastSucceededAt: secondsAgo(7010) }), { list: { ...LIST, backups: [ENTRY] } }),
    says: ['Scheduled', 'True Scheduled', 'True Succeeded'],
  },
  {
    name: 'a run goes on',
    seen: standing(ran(3600, { active: 1 }), { list: { ...LIST, backups: [ENTRY] } }),
    says: ['Scheduled', 'True Scheduled', 'True Succeeded'],
  },
  {
    name: 'a run has just ended, and is not recorded yet',
    seen: standing(ran(100), { list: { ...LIST, backups: [ENTRY] } }),
    says: ['Scheduled', 'True Scheduled', 'True Succeeded'],
  },
  {
    name: 'a run has failed',
    seen: standing(ran(3600), { list: { ...LIST, backups: [ENTRY] } }),
    says: ['Scheduled', 'True Scheduled', 'False LastRunFailed'],
  },
  {
    name: 'the list is that of another repository',
    seen: standing({}, { list: { ...LIST, repository: 'other', backups: [ENTRY] } }),
    says: ['Scheduled', 'True Scheduled', NONE],
  },
];

describe('A DatabaseBackup with a schedule', () => {
  for (const { name, seen, says, step, stalled = false } of CASES) {
    it(`is ${says[0]} (${says[1]}) when ${name}`, () => {
      const { step: chosen, status } = decideBackup(seen, NOW);
      expect([status.phase, conditionOf(status, 'Ready'), conditionOf(status, 'BackupHealthy')]).eql(says);
      expect(chosen).eql(step);
      expect(conditionOf(status, 'Stalled').startsWith('True')).equal(stalled);
    });
  }

  it('has the same status at the next look', () => {
    for (const { seen, name } of CASES) {
      const { status } = decideBackup(seen, NOW);
      const again = decideBackup({ ...seen, own: { ...seen.own, status } }, new Date(NOW.getTime() + 1000));
      expect(again.status, name).eql(status);
    }
  });

  it('says when the next run and the last one are, and which backups it made', () => {
    const older = { ...ENTRY, label: '20261114-040000F', endedAt: secondsAgo(612_000).getTime() };
    const others = [
      { ...ENTRY, schedule: 'monthly' },
      { ...older, schedule: undefined as never },
    ];
    const list = { ...LIST, backups: [ENTRY, ...others, older] };
    const { status, lookAgainAfterSeconds = 0 } = decideBackup(
      standing(ran(7300, { lastSucceededAt: secondsAgo(7010) }), { list }),
      NOW,
    );
    expect(status).include({ lastBackup: 'orders-20261121-100000f', backupCount: 2 });
    expect(status.lastTime).equal(
      secondsAgo(7300)
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
    );
    expect(new Date(status.nextTime ?? 0).getUTCDay()).equal(0);
    const seconds = (Date.parse(status.nextTime ?? '') - NOW.getTime()) / 1000;
    expect(lookAgainAfterSeconds).equal(Math.min(seconds, 86_400));
  });

  it('says when nothing comes next: while it is suspended, and without a CronJob', () => {
    const suspended = { schedule: { wanted: { ...WANTED, suspend: true } } };
    expect(decideBackup(standing({}, suspended), NOW).status.nextTime).equal(undefined);
    expect(decideBackup(seenWith(), NOW).status.nextTime).equal(undefined);
  });

  it('says why a run failed where the last run of all was its own, and tells it once', () => {
    const failed = (job: string): BackupSeen =>
      standing(ran(3600), {
        list: {
          ...LIST,
          lastRun: { at: secondsAgo(3500).getTime(), succeeded: false, job, reason: 'check ended with 82' },
        },
      });
    const message = (seen: BackupSeen): string =>
      decideBackup(seen, NOW).status.conditions?.find(({ type }) => type === 'BackupHealthy')?.message ?? '';
    expect(message(failed('weekly-schedule-29389123'))).contain('failed: check ended with 82');
    for (const other of ['orders-backup-29389123', 'weekly-schedule-1-schedule-29389123', 'weekly-run']) {
      expect(message(failed(other)), other).contain('did not succeed');
    }
    const { status } = decideBackup(failed('weekly-schedule-29389123'), NOW);
    const before = decideBackup(standing(), NOW).status;
    expect(eventsOfStatus(before, status).map(({ reason }) => reason)).eql(['BackupFailed']);
    expect(eventsOfStatus(status, status)).eql([]);
    expect(decideBackup(standing(ran(100)), NOW).lookAgainAfterSeconds).equal(20);
  });
});
