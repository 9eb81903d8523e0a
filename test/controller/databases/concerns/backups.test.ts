import { expect } from 'chai';
import { backupNames } from '../../../../generator/backup-names.ts';
import type { BackupEntry, BackupList } from '../../../../controller/cluster/backup-list.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import type { ArchiveReport } from '../../../../controller/engines/engine-control.ts';
import type { BackupOfDatabase } from '../../../../controller/databases/observed-backups.ts';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import { NOW, healthy, member, saying, secondsAgo } from '../../observations.ts';
import type { Case } from './cases.ts';
import { itDecides } from './cases.ts';

const REPOSITORY = '1f0c22aa33445566';
const BACKUP = { enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://backups/orders' };
const ENTRY: BackupEntry = {
  ...{ label: '20261121-020000F', type: 'full', size: 1_048_576 },
  ...{ startedAt: secondsAgo(36_000).getTime(), endedAt: secondsAgo(35_900).getTime() },
};
const RUN = { at: secondsAgo(35_800).getTime(), succeeded: true };
const LIST: BackupList = { repository: REPOSITORY, backups: [ENTRY], left: 0, gaps: [], isWhole: true, lastRun: RUN };
const RECORD: BackupOfDatabase = {
  ...{
    name: 'orders-20261121-020000f',
    uid: 'b1',
    resourceVersion: '5',
    deleting: false,
    isOurs: true,
    isStalled: false,
    isScheduled: false,
  },
  ...{ recorded: ENTRY.label, label: ENTRY.label, endedAt: new Date(ENTRY.endedAt) },
};
const GONE: BackupOfDatabase = { ...RECORD, name: 'orders-old', recorded: 'old', label: 'old' };
const REQUEST: BackupOfDatabase = {
  ...{
    name: 'before-migration',
    uid: 'b2',
    resourceVersion: '6',
    deleting: false,
    isOurs: false,
    isStalled: false,
    isScheduled: false,
  },
};
const FIRST = 'orders-first-1f0c22';

function seenWith(changes: Partial<Observation> = {}, annotations: Record<string, string> = {}): Observation {
  const seen = healthy(1, {
    spec: { backup: BACKUP },
    repository: REPOSITORY,
    backupList: LIST,
    backups: [RECORD],
    ...changes,
  });
  return { ...seen, own: { ...seen.own, annotations } };
}
const without = (field: 'backupList' | 'repository', changes: Partial<Observation> = {}): Observation =>
  Object.fromEntries(Object.entries(seenWith(changes)).filter(([name]) => name !== field)) as unknown as Observation;
const monday = { 'db.example.com/backup': 'monday' };
const handled = (seen: Observation): Observation => ({
  ...seen,
  own: { ...seen.own, status: { handled: { backup: 'monday' } } },
});
const REQUESTED = backupNames.requested('orders', 'monday');
const first = { do: 'request-backup', name: FIRST } as const;
const record = { do: 'record-backup', name: RECORD.name, label: ENTRY.label } as const;
const forget = (name: string): NonNullable<Case['step']> => ({
  do: 'forget-backup',
  object: { kind: 'DatabaseBackup', name },
});

const CASES: readonly Case[] = [
  { name: 'does nothing while all backups are shown', seen: seenWith() },
  {
    name: 'asks for the first backup where there is no list',
    seen: without('backupList', { backups: [] }),
    step: first,
  },
  {
    name: 'asks for the first backup in another repository',
    seen: seenWith({ backupList: { ...LIST, repository: 'other' } }),
    step: first,
  },
  {
    name: 'asks for the first backup where the list is empty',
    seen: seenWith({ backupList: { ...LIST, backups: [] }, backups: [] }),
    step: first,
  },
  {
    name: 'asks for the first backup once, also when it failed',
    seen: without('backupList', { backups: [{ ...REQUEST, name: FIRST }] }),
  },
  { name: 'asks for no backup while they are off', seen: without('repository', { backups: [] }) },
  {
    name: 'asks for no backup before the primary takes writes',
    seen: without('backupList', { backups: [], pods: [member(0, 'primary', { ready: false })] }),
  },
  {
    name: 'makes one DatabaseBackup of the annotation',
    seen: seenWith({}, monday),
    step: { do: 'request-backup', name: REQUESTED },
  },
  { name: 'makes none of an empty annotation', seen: seenWith({}, { 'db.example.com/backup': '' }) },
  { name: 'makes none of a value that was acted on', seen: handled(seenWith({}, monday)) },
  {
    name: 'makes none where it is there',
    seen: seenWith({ backups: [RECORD, { ...REQUEST, name: REQUESTED }] }, monday),
  },
  { name: 'shows a backup of the schedule', seen: seenWith({ backups: [] }), step: record },
  {
    name: 'leaves a backup to the object that asked for it',
    seen: seenWith({ backups: [REQUEST], backupList: { ...LIST, backups: [{ ...ENTRY, request: REQUEST.name }] } }),
  },
  {
    name: 'shows a backup whose object is gone',
    seen: seenWith({ backups: [], backupList: { ...LIST, backups: [{ ...ENTRY, request: REQUEST.name }] } }),
    step: record,
  },
  {
    name: 'shows a second backup of one name',
    seen: seenWith({
      backups: [{ ...REQUEST, label: 'another' }],
      backupList: { ...LIST, backups: [{ ...ENTRY, request: REQUEST.name }] },
    }),
    step: record,
  },
  { name: 'leaves a name to the object that has it', seen: seenWith({ backups: [{ ...REQUEST, name: RECORD.name }] }) },
  {
    name: 'shows nothing of another repository',
    seen: seenWith({ backups: [{ ...REQUEST, name: FIRST }], backupList: { ...LIST, repository: 'other' } }),
  },
  {
    name: 'removes the object of a backup that is gone',
    seen: seenWith({ backups: [RECORD, GONE] }),
    step: forget('orders-old'),
  },
  {
    name: 'removes an object whose backup another one shows',
    seen: seenWith({ backups: [RECORD, { ...REQUEST, label: ENTRY.label }] }),
    step: forget(RECORD.name),
  },
  {
    name: 'removes nothing that it did not make',
    seen: seenWith({ backups: [RECORD, { ...GONE, isOurs: false, isStalled: false, isScheduled: false }] }),
  },
  {
    name: 'removes nothing that people asked for',
    seen: seenWith({ backups: [RECORD, { ...REQUEST, isOurs: true, label: 'old', endedAt: secondsAgo(60) }] }),
  },
  {
    name: 'removes nothing by a list of another repository',
    seen: seenWith({ backups: [GONE, { ...REQUEST, name: FIRST }], backupList: { ...LIST, repository: 'other' } }),
  },
  {
    name: 'removes nothing while backups are off',
    seen: without('repository', { backups: [RECORD, GONE] }),
  },
  {
    name: 'removes nothing by a list that cannot be read in full',
    seen: seenWith({ backups: [RECORD, GONE], backupList: { ...LIST, isWhole: false } }),
  },
];

describe('The backups of a Database', () => {
  itDecides(CASES);

  it('are in its status: the latest, how many, and from when on it can be restored', () => {
    const older = { ...ENTRY, label: 'old', endedAt: secondsAgo(90_000).getTime() };
    const { status } = decide(seenWith({ backupList: { ...LIST, backups: [ENTRY, older], left: 3 } }), NOW);
    expect(status).deep.include({
      lastBackup: { name: ENTRY.label, time: '2026-11-21T02:01:40Z', size: '1Mi', result: 'Succeeded' },
      backupCount: 5,
      restorable: { from: '2026-11-20T11:00:00Z' },
    });
  });

  const gap = { from: '000000010000000000000003', to: '000000010000000000000004', count: 2 };
  const [cut, until] = [secondsAgo(7200).getTime(), secondsAgo(3600).getTime()];
  const endings: readonly (readonly [what: string, archive: ArchiveReport, to: string | undefined])[] = [
    ['while all is archived', { state: 'archiving' }, undefined],
    ['while the log waits', { state: 'waiting', archivedUntil: cut }, '2026-11-21T10:00:00Z'],
    ['while it waits, and nobody knows from when on', { state: 'waiting' }, undefined],
    ['while it is given up', { state: 'suspended', archivedUntil: cut }, '2026-11-21T10:00:00Z'],
    [
      'after a gap, with no backup since',
      { state: 'archiving', gap: { ...gap, until, archivedUntil: cut } },
      '2026-11-21T10:00:00Z',
    ],
    [
      'after a gap that a backup has ended',
      { state: 'archiving', gap: { ...gap, until: ENTRY.startedAt - 1, archivedUntil: ENTRY.startedAt - 2 } },
      undefined,
    ],
  ];
  for (const [what, archive, to] of endings) {
    it(`can be restored up to ${to ?? 'now'} ${what}`, () => {
      const { status } = decide(seenWith({ pods: [saying(member(0, 'primary'), { archive })] }), NOW);
      const from = '2026-11-21T02:01:40Z';
      expect(status.restorable).deep.equal(to === undefined ? { from } : { from, to });
    });
  }

  it('of another repository are in no status', () => {
    const { status } = decide(seenWith({ backupList: { ...LIST, repository: 'other' } }), NOW);
    expect(status).not.have.any.keys('lastBackup', 'backupCount', 'restorable');
  });

  it('are remembered when the annotation was acted on', () => {
    const seen = seenWith({ backups: [RECORD, { ...REQUEST, name: REQUESTED }] }, monday);
    expect(decide(seen, NOW).status.handled).include({ backup: 'monday' });
    expect(decide(seenWith({}, monday), NOW).status.handled).not.have.any.keys('backup');
    expect(decide(handled(seenWith({}, monday)), NOW).status.handled).include({ backup: 'monday' });
  });

  it('are healthy only by the newest of this repository', () => {
    const health = (changes: Partial<Observation>): string => {
      const cron = {
        active: 0,
        suspended: false,
        lastScheduledAt: secondsAgo(36_000),
        lastSucceededAt: secondsAgo(35_000),
      };
      const { conditions = [] } = decide(seenWith({ backup: cron, ...changes }), NOW).status;
      const { status = '', reason, message } = conditions.find(({ type }) => type === 'BackupHealthy') ?? {};
      return `${status} ${reason ?? ''} ${message ?? ''}`;
    };
    expect(health({})).equal('True Succeeded the last backup ended at 2026-11-21T02:01:40Z');
    expect(health({ backupList: { ...LIST, repository: 'other' } })).match(/^Unknown NoneYet/);
    const lastRun = { ...RUN, succeeded: false, reason: 'check ended with 82: WAL did not reach the archive in time' };
    expect(health({ backupList: { ...LIST, lastRun } })).match(/^False LastRunFailed .* failed: check ended with 82/);
  });
});
