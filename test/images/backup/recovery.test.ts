import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const RUNNER = join(import.meta.dirname, 'replays.py');
const IMAGE = join(import.meta.dirname, '../../../images/postgres');
const DAY = Date.parse('2026-11-20T00:00:00Z') / 1000;
const at = (hour: number): number => DAY + hour * 3600;

/** A backup that ended at this hour and position of timeline 1, or of another. */
function backup(label: string, hour: number, lsnStop: string, more: object = {}): object {
  const { timeline = 1, ...fields } = more as { readonly timeline?: number };
  const tli = timeline.toString(16).padStart(8, '0');
  return {
    label,
    timestamp: { start: at(hour) - 60, stop: at(hour) },
    lsn: { stop: lsnStop },
    archive: { start: `${tli}0000000000000004`, stop: `${tli}0000000000000005` },
    info: { size: 1 },
    ...fields,
  };
}

/** A timeline that left its parent at a position, and began at this hour. */
function timeline(number: number, hour: number, parents: Readonly<Record<number, string>>): object {
  const history = Object.entries(parents).map(([parent, lsn]) => `${parent}\t${lsn}\tno recovery target specified\n`);
  return { number, since: at(hour), history: history.join('') };
}

const TEN = backup('ten', 10, '0/5000000');
const NOON = backup('noon', 12, '0/9000000', { annotation: { backup: 'before-sale' } });
const ONE_LINE = { backups: [TEN, NOON], timelines: [] };
/** The primary failed at 13:00; both backups are older. */
const FAILOVER = { backups: [TEN, NOON], timelines: [timeline(2, 13, { 1: '0/B000000' })] };
/** At 13:00 the database was put back to the state of 11:00; a backup of the new timeline ended at 14:00. */
const PUT_BACK = {
  backups: [TEN, NOON, backup('two', 14, '0/8000000', { timeline: 2 })],
  timelines: [timeline(2, 13, { 1: '0/7000000' })],
};
/** The same, before the new timeline had a backup of its own. */
const JUST_PUT_BACK = { ...PUT_BACK, backups: [TEN, NOON] };
/** Put back twice: at 13:00 to the state of 11:00, at 16:00 to that of 13:30. */
const TWICE = {
  backups: [TEN, NOON, backup('two', 15, '0/9000000', { timeline: 2 })],
  timelines: [timeline(2, 13, { 1: '0/7000000' }), timeline(3, 16, { 1: '0/7000000', 2: '0/8000000' })],
};

type Files = Readonly<Record<string, { readonly time: number }>>;

/** Segments of timeline 1, one each hour from 9:00 on. */
function segments(...numbers: readonly number[]): Files {
  const all = numbers.map((number) => {
    const name = `000000010000000000${number.toString(16).toUpperCase().padStart(6, '0')}`;
    return [`0000000100000000/${name}-${'a'.repeat(40)}.zst`, { time: at(9 + number - 4) }] as const;
  });
  return Object.fromEntries(all);
}

/** Up to 14:00. */
const WHOLE = segments(4, 5, 6, 7, 8, 9);
/** Those of 11:00 and 12:00 are missing. */
const GAP = segments(4, 5, 8, 9);

interface Wanted {
  readonly history: { readonly backups: readonly object[]; readonly timelines: readonly object[] };
  readonly kind?: string;
  readonly target?: string;
  readonly backup?: string;
  /** The WAL of the archive; when absent, it is not looked at. */
  readonly files?: Files;
  /** Label and timeline (0 for that of the backup), or the refusal. */
  readonly gives: string;
}

const time = (hours: string): Pick<Wanted, 'kind' | 'target'> => ({ kind: 'time', target: `2026-11-20T${hours}Z` });
const lsn = (target: string): Pick<Wanted, 'kind' | 'target'> => ({ kind: 'lsn', target });

const CASES: Readonly<Record<string, Wanted>> = {
  'the end of the archive: the newest backup': { history: ONE_LINE, gives: 'noon 1' },
  'a time: the newest backup that ended before it': { history: ONE_LINE, ...time('11:59:59'), gives: 'ten 1' },
  'the second in which a backup ended: the one before': { history: ONE_LINE, ...time('12:00:00'), gives: 'ten 1' },
  'a fraction of a second later: that backup': { history: ONE_LINE, ...time('12:00:00.25'), gives: 'noon 1' },
  'a time in another zone': {
    history: ONE_LINE,
    kind: 'time',
    target: '2026-11-20t12:30:00+01:00',
    gives: 'ten 1',
  },
  'a time before the first backup': {
    history: ONE_LINE,
    ...time('09:00:00'),
    gives: 'the target 2026-11-20T09:00:00Z is before 2026-11-20T10:00:00Z, the end of the first backup (ten)',
  },
  'a time after all that is archived': {
    history: ONE_LINE,
    ...time('15:00:00'),
    files: WHOLE,
    gives:
      'the target 2026-11-20T15:00:00Z is later than the WAL of 2026-11-20T14:00:00Z; it is the last of the archive',
  },
  'a time that the archive reaches': { history: ONE_LINE, ...time('13:59:59'), files: WHOLE, gives: 'noon 1' },
  'a time in the second in which the last segment came': {
    history: ONE_LINE,
    ...time('14:00:00.9'),
    files: WHOLE,
    gives: 'noon 1',
  },
  'a time behind a gap': {
    history: { ...ONE_LINE, backups: [TEN] },
    ...time('13:00:00'),
    files: GAP,
    gives:
      'the target 2026-11-20T13:00:00Z is later than the WAL of 2026-11-20T10:00:00Z; the archive has none from 000000010000000000000006 to 000000010000000000000007',
  },
  'a position behind a gap': {
    history: { ...ONE_LINE, backups: [TEN] },
    ...lsn('0/8000000'),
    files: GAP,
    gives:
      'the target 0/8000000 is behind the WAL up to 0/6000000; the archive has none from 000000010000000000000006 to 000000010000000000000007',
  },
  'the end of an archive with a gap: what comes before it': {
    history: { ...ONE_LINE, backups: [TEN] },
    files: GAP,
    gives: 'ten 1, up to the gap at 000000010000000000000006',
  },
  'a position: the newest backup that ended at or before it': {
    history: ONE_LINE,
    ...lsn('0/9000000'),
    files: WHOLE,
    gives: 'noon 1',
  },
  'a position between the backups': { history: ONE_LINE, ...lsn('0/8FFFFFF'), gives: 'ten 1' },
  'a position before the first backup': {
    history: ONE_LINE,
    ...lsn('0/4000000'),
    gives: 'the target 0/4000000 is before 0/5000000, the end of the first backup (ten)',
  },
  'a position behind the archive': {
    history: ONE_LINE,
    ...lsn('0/A000001'),
    files: WHOLE,
    gives: 'the target 0/A000001 is behind the WAL up to 0/A000000; it is the last of the archive',
  },
  'a backup by its label': { history: ONE_LINE, kind: 'immediate', backup: 'ten', gives: 'ten 0' },
  'a backup by the name of its DatabaseBackup': {
    history: ONE_LINE,
    kind: 'immediate',
    backup: 'before-sale',
    gives: 'noon 0',
  },
  'a backup that does not exist': {
    history: ONE_LINE,
    kind: 'immediate',
    backup: 'eleven',
    gives: 'there is no backup eleven; the newest are noon, ten',
  },
  'a backup that ended after the time': {
    history: ONE_LINE,
    ...time('11:00:00'),
    backup: 'noon',
    gives: 'the target 2026-11-20T11:00:00Z is not after the end of the backup noon, 2026-11-20T12:00:00Z',
  },
  'a backup that ended behind the position': {
    history: ONE_LINE,
    ...lsn('0/8000000'),
    backup: 'noon',
    gives: 'the target 0/8000000 is before the end of the backup noon, 0/9000000',
  },
  'an older backup for a time: the replay begins there': {
    history: ONE_LINE,
    ...time('13:00:00'),
    backup: 'ten',
    gives: 'ten 1',
  },
  'a restore point after a backup': { history: ONE_LINE, kind: 'name', target: 'x', backup: 'ten', gives: 'ten 1' },
  'a restore point without a backup': {
    history: ONE_LINE,
    kind: 'name',
    target: 'x',
    gives: 'a target of the kind name needs the name of a backup',
  },
  'no backup at all': { history: { backups: [], timelines: [] }, gives: 'there is no backup' },

  'the end, after a failover': { history: FAILOVER, gives: 'noon 2' },
  'a time before a failover: the new timeline has it too': { history: FAILOVER, ...time('12:30:00'), gives: 'noon 2' },
  'a time after a failover': { history: FAILOVER, ...time('13:30:00'), gives: 'noon 2' },

  'the end, after the database was put back': { history: PUT_BACK, gives: 'two 2' },
  'the end, before the new timeline has a backup: not the newest, which is of the state that was left': {
    history: JUST_PUT_BACK,
    gives: 'ten 2',
  },
  'a time before the database was put back: the state that was left then': {
    history: PUT_BACK,
    ...time('12:30:00'),
    gives: 'noon 1',
  },
  'a time after the database was put back, and before its next backup': {
    history: PUT_BACK,
    ...time('13:30:00'),
    gives: 'ten 2',
  },
  'a position after the database was put back: of the new timeline': {
    history: PUT_BACK,
    ...lsn('0/7800000'),
    gives: 'ten 2',
  },
  'a backup of the state that was left, and a later position of it': {
    history: PUT_BACK,
    ...lsn('0/9800000'),
    backup: 'noon',
    gives: 'noon 1',
  },
  'a backup of the state that was left, and a time': {
    history: PUT_BACK,
    ...time('12:30:00'),
    backup: 'noon',
    gives: 'noon 1',
  },
  'times of a database that was put back twice: the first state': {
    history: TWICE,
    ...time('12:30:00'),
    gives: 'noon 1',
  },
  'times of a database that was put back twice: the second state': {
    history: TWICE,
    ...time('15:30:00'),
    gives: 'two 2',
  },
  'times of a database that was put back twice: the present state': {
    history: TWICE,
    ...time('17:00:00'),
    gives: 'ten 3',
  },
};

function starts(wanted: readonly Wanted[]): string[] {
  const input = wanted.map(({ history, kind = 'default', target, backup: name, files }) => ({
    ...history,
    target: { kind, text: target ?? null },
    backup: name ?? null,
    files: files ?? null,
  }));
  const { status, stdout, stderr } = spawnSync('python3', ['-BIS', RUNNER, IMAGE], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe('Where a replay begins', function () {
  this.timeout(10_000);
  let given: string[];

  before(function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      process.stderr.write('SKIPPED, where a replay begins: no python3\n');
      this.skip();
    }
    given = starts(Object.values(CASES));
  });

  for (const [index, [name, { gives }]] of Object.entries(CASES).entries()) {
    it(name, () => {
      expect(given[index]).to.equal(gives);
    });
  }
});
