import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository.ts';
import { FAKE_TIME, repositoryOrSkip } from './repository.ts';
import { isComplete } from '../../complete.ts';

const IMAGE = join(import.meta.dirname, '../../../images/postgres');

const WEEKS = 6;
/** Days from one backup to the next: every day where everything is played, else fewer. */
const STEP = isComplete ? 1 : 7;
const DAY_MS = 86_400_000;
const [KEEP_DAYS, KEEP_COUNT] = [14, 3];
const RETENTION = [`--keep-days=${KEEP_DAYS}`, `--keep-count=${KEEP_COUNT}`, '--full-every-days=7'];
/** The first day after a pause: longer than the retention, so that only the count keeps what is older. */
const AFTER_PAUSE = 28;
const PAUSE_DAYS = 20;

/** A backup as `info` has it. */
interface Backup {
  readonly label: string;
  readonly type: string;
}

function backupsIn({ pgbackrest }: Repository): Backup[] {
  const [stanza] = JSON.parse(pgbackrest('--output=json', 'info')) as { backup: Backup[] }[];
  return stanza?.backup ?? [];
}

/** What the pure function of the image keeps of these backups. */
function keepSet(backups: readonly Backup[], now: number): string[] {
  const one = { backups, now: Math.floor(now / 1000), days: KEEP_DAYS, count: KEEP_COUNT };
  const runner = join(import.meta.dirname, 'keep-sets.py');
  const { status, stdout, stderr } = spawnSync('python3', ['-BIS', runner, IMAGE], {
    input: JSON.stringify([one]),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as [string[]])[0];
}

/** Simulated days: the real PostgreSQL, pgBackRest and program, under another time. */
describe('Six weeks of backups, with a retention of two', function () {
  this.timeout(900_000);
  let repository: Repository;
  /** The number of rows in each backup, and the last one. */
  const rows = new Map<string, string>();

  before(function () {
    if (!existsSync(FAKE_TIME)) {
      process.stderr.write(`SKIPPED, ${this.test?.parent?.title ?? ''}: no libfaketime\n`);
      this.skip();
    }
    repository = repositoryOrSkip(this);
    repository.query('CREATE TABLE written (number int)');
  });

  after(() => {
    (repository as Repository | undefined)?.stop();
  });

  /** One day: a row, a backup, and what it left. */
  function live(day: number): void {
    const offset = day + (day >= AFTER_PAUSE ? PAUSE_DAYS : 0);
    repository.travel(offset);
    repository.query(`INSERT INTO written VALUES (${day})`);
    const before = rows.size === 0 ? [] : backupsIn(repository);
    const { code, result } = repository.backUp(...RETENTION);
    expect(code, JSON.stringify(result)).to.equal(0);
    const label = String(result['label']);
    rows.set(label, `${rows.size + 1}|${day}`);
    const date = new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    expect(label.split('_').at(-1)).to.match(new RegExp(`^${date}-`));
    const left = backupsIn(repository);
    const known = new Set(left.map((one) => one.label));
    const all = [...before.filter((one) => !known.has(one.label)), ...left];
    expect([...known].sort()).to.deep.equal(keepSet(all, Date.now() + offset * DAY_MS));
    expect(known).to.include(label);
  }

  function expectRestorable(labels: readonly string[]): void {
    for (const label of labels) {
      expect(repository.restored(label, 'SELECT count(*), max(number) FROM written'), label).to.equal(rows.get(label));
    }
  }

  for (let week = 0; week < WEEKS; week += 1) {
    it(`leaves what is to be kept after each backup of week ${week + 1}, and that can be restored to the row`, () => {
      for (let day = week * 7; day < week * 7 + 7; day += 1) if (day % STEP === 0) live(day);
      const labels = repository.labels();
      const isLast = week === WEEKS - 1;
      expectRestorable(isComplete || isLast ? labels : []);
    });
  }
});
