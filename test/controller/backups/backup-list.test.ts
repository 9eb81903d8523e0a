import { expect } from 'chai';
import { isGoneFrom, readBackupList } from '../../../controller/cluster/backup-list.ts';
import { weigh } from '../../../controller/cluster/shares.ts';

const ENTRY = {
  ...{ label: '20261128-020000F', type: 'full', start: '2026-11-28T02:00:00Z', stop: '2026-11-28T02:03:00Z' },
  ...{ repositoryBytes: 1234, databaseBytes: 5678, walStart: '0000000100000003', walStop: '0000000100000004' },
  ...{ lsnStart: '0/3000028', lsnStop: '0/3000100', backup: 'before-migration', keep: true },
};
const OLDER = { ...ENTRY, label: '20261127-020000F', stop: '2026-11-27T02:03:00Z', backup: undefined };
const RUN = { at: '2026-11-28T02:03:10Z', succeeded: true, label: ENTRY.label, job: 'orders-backup-29389' };

const listWith = (changes: object = {}): string =>
  JSON.stringify({ at: RUN.at, repository: '1f0c', backups: [OLDER, ENTRY], left: 0, lastRun: RUN, ...changes });
const read = (changes?: object): NonNullable<ReturnType<typeof readBackupList>> => readBackupList(listWith(changes))!;

describe('The list of backups', () => {
  it('is read newest first, with the name of the object that asked for a backup', () => {
    const list = read();
    expect(list.backups.map(({ label, request }) => [label, request])).eql([
      [ENTRY.label, 'before-migration'],
      [OLDER.label, undefined],
    ]);
    expect(list).include({ repository: '1f0c', left: 0, isWhole: true });
    expect(list.lastRun).eql({ ...RUN, at: Date.parse(RUN.at) });
    expect(list.backups[0]).include({ type: 'full', size: 1234, databaseSize: 5678, logEnd: ENTRY.walStop });
  });

  const NONE: Readonly<Record<string, unknown>> = {
    nothing: undefined,
    'a megabyte': 'x'.repeat(1_000_000),
    'a megabyte of JSON': listWith({ note: 'x'.repeat(1_000_000) }),
    'no JSON': '{"repository":',
    'a list alone': '[]',
    'no repository': listWith({ repository: 7 }),
    'a repository over two lines': listWith({ repository: 'a\nb' }),
    'a mapping deeper than anything reads': `{"repository":"a","backups":[${'['.repeat(60)}${']'.repeat(60)}]}`,
  };
  for (const [name, text] of Object.entries(NONE)) {
    it(`is none when the annotation holds ${name}`, () => {
      expect(readBackupList(text)).equal(undefined);
    });
  }

  const WRONG: Readonly<Record<string, unknown>> = {
    'is a text': 'x',
    'is null': null,
    'has a label over two lines': { ...ENTRY, label: 'a\nb' },
    'has a label that is a path': { ...ENTRY, label: '../a' },
    'has another type': { ...ENTRY, type: 'whole' },
    'has no end': { ...ENTRY, stop: 'now' },
    'has an end as a number': { ...ENTRY, stop: 12 },
  };
  for (const [name, entry] of Object.entries(WRONG)) {
    it(`drops an entry that ${name}, and counts as incomplete`, () => {
      const list = read({ backups: [entry, OLDER] });
      expect(list.backups.map(({ label }) => label)).eql([OLDER.label]);
      expect(list.isWhole).equal(false);
    });
  }

  it('drops parts of an entry that cannot be read, and keeps the entry', () => {
    const wrong = { repositoryBytes: -1, databaseBytes: 'x', walStart: 'a\nb', backup: 'Not A Name\n' };
    const { backups, isWhole } = read({ backups: [{ ...ENTRY, ...wrong }] });
    expect(backups).length(1);
    expect(isWhole).equal(true);
    expect(backups[0]).not.have.any.keys('size', 'databaseSize', 'logStart', 'request');
  });

  it('shows the first 400 of 10,000 entries in a bounded size, and counts the others as left', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...OLDER, label: `b${index}`, type: 'full' }));
    const short = many.map(({ label }) => ({ label, type: 'full', start: ENTRY.start, stop: ENTRY.stop }));
    // Ten thousand whole entries are longer than any annotation.
    expect(readBackupList(listWith({ backups: many }))).equal(undefined);
    const list = read({ backups: short.slice(0, 2500), left: 5 });
    expect(list.backups).length(400);
    expect(list.left).equal(2105);
    expect(weigh(read({ backups: many.slice(0, 700) }))).below(200_000);
  });

  it('says how the last run went also when the repository could not be read', () => {
    const list = read({ backups: undefined, lastRun: { ...RUN, succeeded: false, reason: 'info ended with 49' } });
    expect(list).deep.include({ backups: [], isWhole: false });
    expect(list.lastRun).include({ succeeded: false, reason: 'info ended with 49' });
  });

  it('has a label once', () => {
    expect(read({ backups: [ENTRY, ENTRY, OLDER] }).backups).length(2);
    expect(read({ backups: [ENTRY, ENTRY, OLDER] }).isWhole).equal(false);
  });
});

describe('A backup is gone', () => {
  const ended = Date.parse('2026-11-27T12:00:00Z');
  it('when a whole list after a good run does not have it', () => {
    expect(isGoneFrom(read(), 'gone', ended)).equal(true);
    expect(isGoneFrom(read(), ENTRY.label, ended)).equal(false);
  });

  const DOUBTS: Readonly<Record<string, object>> = {
    'the last run failed': { lastRun: { ...RUN, succeeded: false } },
    'it is not known how the last run went': { lastRun: undefined },
    'an entry cannot be read': { backups: [ENTRY, {}] },
  };
  for (const [name, changes] of Object.entries(DOUBTS)) {
    it(`never while ${name}`, () => {
      expect(isGoneFrom(read(changes), 'gone', ended)).equal(false);
    });
  }

  it('only when it is younger than the oldest entry, where older ones found no room', () => {
    expect(isGoneFrom(read({ left: 3 }), 'gone', ended)).equal(true);
    expect(isGoneFrom(read({ left: 3 }), 'gone', Date.parse('2026-11-20T00:00:00Z'))).equal(false);
    expect(isGoneFrom(read({ left: 3 }), 'gone', undefined)).equal(false);
    expect(isGoneFrom(read({ left: 3, backups: [] }), 'gone', ended)).equal(false);
  });
});
