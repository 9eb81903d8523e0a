import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import type { ImageRoot } from '../images/restricted.ts';
import { bringPrograms, unpackImage } from '../images/restricted.ts';
import type { Commit, History, LocalMember } from './history.ts';
import { copyOf, lsnText, makeHistory, timeText } from './history.ts';
import { IMAGE, imageOrSkip } from './database.ts';
import { isComplete } from '../complete.ts';

const TARGETS = isComplete ? 200 : 6;
const SEED = Number(process.env['TARGETS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROWS = 'select n from sold order by n';

/** Fields of `bootstrap.restore`, and the rows that the Database must have. */
interface Target {
  readonly restore: Readonly<Record<string, string>>;
  readonly rows: readonly number[];
}

const rowsOf = (commits: readonly Commit[]): number[] =>
  commits.flatMap(({ rows }) => rows).sort((one, other) => one - other);

/** The commits that a replay to a moment has: in the order of the WAL, up to the first later one. */
function until(commits: readonly Commit[], time: number): readonly Commit[] {
  const end = commits.findIndex((commit) => commit.time > time);
  return end < 0 ? commits : commits.slice(0, end);
}

const below = (commits: readonly Commit[], lsn: bigint): Commit[] => commits.filter((commit) => commit.lsn < lsn);

/** A moment at, just before or just after the commit of this index. */
function momentAt(commits: readonly Commit[], index: number, place: number): number {
  const time = commits[index]!.time;
  return [time, time - 1, time + 1, Math.floor((time + commits[index + 1]!.time) / 2)][place % 4]!;
}

/** Makes the target that three numbers stand for; each kind of target in turn. */
function targetOf(history: History, [number, kind, place]: readonly [number, number, number]): Target {
  const { first, second, putBack, points, backups } = history;
  const base = until(first, putBack);
  const pick = (commits: readonly Commit[]): number => number % (commits.length - 1);
  const usable = (commits: readonly Commit[]): readonly Commit[] =>
    commits.filter(({ time }) => time > (backups[0]!.stop + 1) * 1e6);
  // Each backup ended before the last commit of its life.
  const lastOfFirst = backups[2]!;
  switch (kind % 6) {
    case 0: {
      const some = usable(first);
      const time = momentAt(some, pick(some), place);
      return { restore: { targetTime: timeText(time) }, rows: rowsOf(until(first, time)) };
    }
    case 1: {
      const time = momentAt(second, pick(second), place);
      return { restore: { targetTime: timeText(time) }, rows: rowsOf([...base, ...until(second, time)]) };
    }
    case 2: {
      const lsn = second[pick(second)]!.lsn + BigInt(place % 2);
      return { restore: { targetLSN: lsnText(lsn) }, rows: rowsOf([...base, ...below(second, lsn)]) };
    }
    case 3: {
      const some = base.filter(({ lsn }) => lsn > backups[0]!.lsn);
      const lsn = some[pick(some)]!.lsn + BigInt(place % 2);
      return { restore: { targetLSN: lsnText(lsn) }, rows: rowsOf(below(base, lsn)) };
    }
    case 4: {
      // Of the state that was left: only the name of its backup tells it from the present.
      const some = first.filter(({ lsn, time }) => lsn > lastOfFirst.lsn && time > lastOfFirst.stop * 1e6);
      const lsn = some[pick(some)]!.lsn + BigInt(place % 2);
      return { restore: { backup: lastOfFirst.label, targetLSN: lsnText(lsn) }, rows: rowsOf(below(first, lsn)) };
    }
    default: {
      const { name, backup, lsn } = points[number % points.length]!;
      return { restore: { backup, targetName: name }, rows: rowsOf(below(first, lsn)) };
    }
  }
}

/** In this order: the folder of the history outlives each test. */
describe('A Database that starts from a backup', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'ballast-history-'));
  let root: ImageRoot | undefined;
  let history: History;

  before(async function () {
    imageOrSkip(this);
    root = unpackImage(IMAGE, 'targets');
    bringPrograms(root);
    history = await makeHistory(root, folder);
  });

  after(() => {
    root?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function restored<T>(restore: object, look: (copy: LocalMember) => Promise<T>): Promise<T> {
    const copy = copyOf(root!, history.repository, restore);
    try {
      return await look(copy);
    } finally {
      await copy.remove();
    }
  }

  /** The rows of a Database that starts this way. */
  function rowsAfter(restore: object): Promise<readonly number[]> {
    return restored(restore, async (copy) => {
      const { code, outcome } = await copy.restore();
      expect(code, JSON.stringify(outcome)).to.equal(0);
      await copy.start();
      return (await copy.query(ROWS)).split('\n').filter(Boolean).map(Number);
    });
  }

  it(`has exactly the rows up to its target: ${TARGETS} random times, positions and restore points`, async function () {
    this.timeout(TARGETS * 60_000);
    const kinds = fc.tuple(fc.nat(1e6), fc.nat(1e6), fc.nat(3));
    const chosen = fc.sample(kinds, { numRuns: TARGETS, seed: SEED });
    const counts = { tooMany: 0, tooFew: 0 };
    for (const [index, [number, , place]] of chosen.entries()) {
      const { restore, rows } = targetOf(history, [number, index, place]);
      const which = `TARGETS_SEED=${SEED}, target ${index}: ${JSON.stringify(restore)}`;
      const found = await rowsAfter(restore).catch((error: unknown) => {
        throw new Error(`${which}: ${String(error)}`, { cause: error });
      });
      counts.tooMany += Math.max(0, found.length - rows.length);
      counts.tooFew += Math.max(0, rows.length - found.length);
      expect(found, which).to.deep.equal(rows);
    }
    process.stdout.write(`      ${TARGETS} targets, ${counts.tooMany} rows too many, ${counts.tooFew} too few\n`);
  });

  it('has everything when it has no target, though the newest backup before was of a state that was left', async () => {
    const { first, second, putBack } = history;
    expect(await rowsAfter({})).to.deep.equal(rowsOf([...until(first, putBack), ...second]));
  });

  it('has what its named backup has, and nothing that came after', async () => {
    const [, incremental] = history.backups;
    const rows = await rowsAfter({ backup: incremental!.label });
    expect(rows).to.deep.equal(rowsOf(below(history.first, incremental!.lsn)));
  });

  const tellsOf = async (copy: LocalMember): Promise<unknown> =>
    JSON.parse(await copy.run(`cat ${PATHS.data}/restored.json`));

  it('writes what was restored beside the data, and does nothing when it is restored again', async () => {
    const { label } = history.backups[0]!;
    await restored({ backup: label }, async (copy) => {
      const { code, outcome } = await copy.restore();
      expect([code, outcome['succeeded'], outcome['nothingToDo']]).to.deep.equal([0, true, undefined]);
      const record = await tellsOf(copy);
      expect(record).to.include({ backup: label, from: 'orders', timeline: 1 });
      expect(record).to.deep.include({ target: { type: 'immediate' } });
      await copy.start();
      const control = await copy.run(`pg_controldata ${PATHS.pgdata} | sed -n 's/^Database system identifier: *//p'`);
      expect(record).to.include({ systemIdentifier: control });
      await copy.query('insert into sold values (77777)');
      const again = await copy.restore();
      expect([again.code, again.outcome['nothingToDo']]).to.deep.equal([0, true]);
      expect(await copy.query('select count(*) from sold where n = 77777')).to.equal('1');
      expect(await tellsOf(copy)).to.deep.equal(record);
    });
  });

  it('is refused on data that it did not make, and harms nothing', async () => {
    await restored({}, async (copy) => {
      await copy.run(`mkdir ${PATHS.pgdata}; echo 15 >${PATHS.pgdata}/PG_VERSION`);
      const { code, outcome } = await copy.restore();
      expect([code, outcome['reason']]).to.deep.equal([3, 'there are data already, which this restore did not make']);
      expect(await copy.run(`ls ${PATHS.data} ${PATHS.pgdata}`))
        .to.include('PG_VERSION')
        .and.not.include('restor');
    });
  });

  const REFUSED: Readonly<Record<string, readonly [() => object, RegExp]>> = {
    'a backup that does not exist': [
      () => ({ backup: '20200101-000000F' }),
      /^there is no backup 20200101-000000F; the newest are \d{8}-/,
    ],
    'a time before the first backup': [
      () => ({ targetTime: '2020-01-01T00:00:00Z' }),
      /^the target 2020-01-01T00:00:00Z is before .*, the end of the first backup \(\d{8}-\d{6}F\)$/,
    ],
    'a position before the first backup': [
      () => ({ targetLSN: '0/1' }),
      /^the target 0\/1 is before 0\/[0-9A-F]+, the end/,
    ],
    'a position behind the archive': [
      () => ({ targetLSN: 'FF/0' }),
      /^the target FF\/0 is behind the WAL up to 0\/[0-9A-F]+; it is the last of the archive$/,
    ],
    'a time after the last WAL of the archive': [
      () => ({ targetTime: timeText(history.second.at(-1)!.time + 30e6) }),
      /is later than the WAL of .*; it is the last of the archive$/,
    ],
  };
  for (const [name, [restore, reason]] of Object.entries(REFUSED)) {
    it(`is refused before anything is restored: ${name}`, async () => {
      await restored(restore(), async (copy) => {
        const { code, outcome } = await copy.restore();
        expect(code, JSON.stringify(outcome)).to.equal(3);
        expect(outcome['reason']).to.match(reason);
        // By the folder alone the next start knows that this one came to nothing.
        expect(await copy.run(`cd ${PATHS.data} && find . -mindepth 1`)).to.equal('./pgdata.restoring');
      });
    });
  }

  it('leaves nothing that Patroni would start when it is killed, and goes on with what is there', async () => {
    const { first, second, putBack } = history;
    // In place of pgBackRest, a program that restores and then kills the one that called it.
    const killing = [
      'mkdir /tmp/bin',
      `printf '#!/bin/sh\\n/usr/bin/pgbackrest "$@" && case "$*" in *--delta*) kill -9 $PPID;; esac\\n' >/tmp/bin/pgbackrest`,
      'chmod +x /tmp/bin/pgbackrest',
      'export PATH=/tmp/bin:$PATH;',
    ].join('; ');
    await restored({}, async (copy) => {
      expect((await copy.restore(killing)).code).to.equal(137);
      expect(await copy.run(`ls -A ${PATHS.data}`)).to.equal('pgdata.restoring');
      expect((await copy.restore()).outcome).to.include({ succeeded: true });
      expect(await copy.run(`ls -A ${PATHS.data}`)).to.equal('pgdata\nrestored.json');
      await copy.start();
      expect((await copy.query(ROWS)).split('\n').map(Number)).to.deep.equal(
        rowsOf([...until(first, putBack), ...second]),
      );
    });
  });
});
