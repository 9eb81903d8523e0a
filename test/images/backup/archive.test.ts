import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder } from '../../../lab/processes/own-folder.ts';
import type { Repository } from './repository.ts';
import { repositoryOrSkip } from './repository.ts';

const IMAGE = join(import.meta.dirname, '../../../images/postgres');
const DONE_MS = 60_000;

/** What Python prints that has imported the module. */
function python(script: string, ...args: string[]): string {
  const text = `import sys\nsys.path.append(sys.argv[1])\nimport archive, waiting\n${script}`;
  const { stdout, stderr, status } = spawnSync('python3', ['-B', '-c', text, IMAGE, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

const segment = (number: number): string => `0000000100000000${number.toString(16).toUpperCase().padStart(8, '0')}`;

describe('What a primary says about its archive', () => {
  let data: string;

  beforeEach(() => {
    data = join(makeOwnFolder('archive'), 'pgdata');
    mkdirSync(join(data, 'pg_wal/archive_status'), { recursive: true });
    writeFileSync(join(data, 'postmaster.pid'), '1\n');
  });

  afterEach(() => {
    rmSync(join(data, '..'), { recursive: true, force: true });
  });

  function mark(end: 'ready' | 'done', names: readonly string[], ageSeconds = 0): void {
    for (const name of names) {
      writeFileSync(join(data, 'pg_wal', name), '');
      const file = join(data, 'pg_wal/archive_status', `${name}.${end}`);
      writeFileSync(file, '');
      const time = Date.now() / 1000 - ageSeconds;
      utimesSync(file, time, time);
    }
  }

  /** What it tells that has been the primary before, on a volume of this size with so many bytes free. */
  const report = (free = 50e9, size = 100e9): unknown =>
    JSON.parse(
      python(
        `import os, json, types
os.statvfs = lambda path: types.SimpleNamespace(f_bavail=int(sys.argv[3]), f_blocks=int(sys.argv[4]), f_frsize=1)
one = waiting.Waiting(sys.argv[2])
one.was_standby = False
print(json.dumps(one.look()))`,
        data,
        String(free),
        String(size),
      ),
    ) as unknown;

  const said = (free?: number, size?: number): { readonly state?: string; readonly segments?: number } =>
    JSON.parse(String(report(free, size)) || '{}') as { state?: string };

  it('is nothing from a standby, or without a server', () => {
    writeFileSync(join(data, 'standby.signal'), '');
    expect(report()).to.equal('');
    rmSync(join(data, 'standby.signal'));
    rmSync(join(data, 'postmaster.pid'));
    expect(report()).to.equal('');
  });

  it('is that it archives while segments are young', () => {
    mark('ready', [segment(1), segment(2)], 60);
    expect(said()).to.deep.equal({ state: 'archiving' });
  });

  it('is that they wait, how many and since when, once the oldest is two minutes old', () => {
    mark('ready', [segment(1)], 130);
    mark('ready', [segment(2), segment(3)]);
    expect(said()).to.include({ state: 'waiting', segments: 3 });
  });

  it('tells when the volume will be nearly full of them, at the rate at which they came', () => {
    mark(
      'ready',
      Array.from({ length: 10 }, (_, number) => segment(number)),
      1000,
    );
    // A tenth of 100 GB stays free; 10 segments of 16 MiB in 1000 s leave 40 GB for 238,419 s.
    const { suspendsAt = '' } = said(50e9) as { suspendsAt?: string };
    expect(Date.parse(suspendsAt) / 1000 - Date.now() / 1000).to.be.closeTo(238_419, 300);
    expect(said(1e15, 2e15)).to.include({ state: 'waiting' }).and.not.to.have.property('suspendsAt');
  });

  it('counts segments only', () => {
    mark('ready', ['00000002.history', `${segment(1)}.partial`, `${segment(1)}.00000028.backup`], 600);
    expect(said()).to.deep.equal({ state: 'archiving' });
  });

  it('suspends archiving when the volume is nearly full of them, and says so at once', () => {
    // A tenth of 100 GB is free; 150 segments are 2.5 GB, a quarter of it and more.
    mark(
      'ready',
      Array.from({ length: 150 }, (_, number) => segment(number)),
    );
    expect(said(10.1e9)).to.deep.equal({ state: 'archiving' });
    expect(said(9.9e9)).to.include({ state: 'suspended', segments: 0 });
    expect(existsSync(join(data, '../archive-suspended'))).to.equal(true);
    expect(said(90e9), 'until the repository takes a segment').to.include({ state: 'suspended' });
  });

  it('keeps more of a small volume free, where a burst fills it sooner', () => {
    mark(
      'ready',
      Array.from({ length: 4 }, (_, number) => segment(number)),
    );
    expect(said(0.3e9, 1e9)).to.deep.equal({ state: 'archiving' });
    expect(said(0.24e9, 1e9)).to.include({ state: 'suspended' });
  });

  it('suspends nothing when others fill the volume', () => {
    mark('ready', [segment(1), segment(2)], 300);
    expect(said(1e9)).to.include({ state: 'waiting' });
  });

  it('tells up to which moment all WAL is archived, while some waits or is given up', () => {
    const [complete, seconds] = [Date.now() - 900_000, 900];
    mark('done', [segment(1)], 2000);
    mark('done', [segment(2)], seconds);
    expect(said(), 'nothing waits').to.deep.equal({ state: 'archiving' });
    mark('ready', [segment(3)], 300);
    mark('done', [segment(4)], 100);
    const untilOf = (told: unknown): number => Date.parse((told as { archivedUntil: string }).archivedUntil);
    expect(untilOf(said())).to.be.closeTo(complete, 2000);
    expect(said(9.9e9)).to.include({ state: 'waiting' });
    mark(
      'ready',
      Array.from({ length: 700 }, (_, number) => segment(5 + number)),
      200,
    );
    const told = said(9.9e9);
    expect(told).to.include({ state: 'suspended' });
    expect(untilOf(told)).to.be.closeTo(complete, 2000);
    mark('done', [segment(3)], 300);
    expect(untilOf(said(9.9e9)), 'what is given up is marked as archived').to.be.closeTo(complete, 2000);
  });

  it('keeps that moment when PostgreSQL has removed the last segment that was archived', () => {
    mark('done', [segment(1)], 900);
    mark('ready', [segment(2)], 300);
    const script = `import json, os
one = waiting.Waiting(sys.argv[2])
one.was_standby = False
first = json.loads(one.look())
os.unlink(sys.argv[2] + '/pg_wal/archive_status/${segment(1)}.done')
one.forget()
print(json.loads(one.look())['archivedUntil'] == first['archivedUntil'])`;
    expect(python(script, data)).to.equal('True');
  });

  it('tells the same once, and anew when it did not arrive', () => {
    const told = python(
      `one = waiting.Waiting(sys.argv[2])
print([one.look() is None, one.look() is None, one.forget(), one.look() is None])`,
      data,
    );
    expect(told).to.equal('[False, True, None, False]');
  });

  it('has a new primary archive again what it holds from before', () => {
    mark('done', [segment(1), segment(2)]);
    writeFileSync(join(data, 'pg_wal/archive_status', `${segment(3)}.done`), '');
    writeFileSync(join(data, 'standby.signal'), '');
    const script = `import os
one = waiting.Waiting(sys.argv[2])
one.look()
os.unlink(sys.argv[2] + '/standby.signal')
one.look()`;
    python(script, data);
    expect(readdirSync(join(data, 'pg_wal/archive_status')).sort()).to.deep.equal([
      `${segment(1)}.ready`,
      `${segment(2)}.ready`,
      // The segment itself is gone.
      `${segment(3)}.done`,
    ]);
  });
});

describe('Archiving that is suspended, with a real PostgreSQL and pgBackRest', function () {
  this.timeout(180_000);
  let repository: Repository;
  const state = (): string => join(repository.folder, 'archive-suspended');
  const archiveInfo = (): string => join(repository.folder, 'repo/archive/orders');

  before(function () {
    repository = repositoryOrSkip(this);
    repository.query('CREATE TABLE written (number int)');
    expect(repository.backUp().code).to.equal(0);
  });

  after(() => {
    (repository as Repository | undefined)?.stop();
  });

  /** Writes a row and ends its segment; gives the name of the segment. */
  function write(): string {
    repository.query('INSERT INTO written VALUES (1)');
    return repository.query('SELECT pg_walfile_name(pg_switch_wal())');
  }

  async function until(is: () => boolean, what: string): Promise<void> {
    const end = Date.now() + DONE_MS;
    while (!is()) {
      if (Date.now() > end) throw new Error(`${what} did not come`);
      // Wakes the archiver, which sleeps for a minute after three failures.
      write();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  const suspension = (): { first?: string; last?: string; segments: number; tried: number } =>
    JSON.parse(readFileSync(state(), 'utf8')) as ReturnType<typeof suspension>;

  it('keeps all WAL while the repository is away', async () => {
    renameSync(archiveInfo(), `${archiveInfo()}-away`);
    const first = write();
    await until(() => Number(repository.query('SELECT failed_count FROM pg_stat_archiver')) > 0, 'a failure');
    const statuses = readdirSync(join(repository.folder, 'data/pg_wal/archive_status'));
    expect(statuses).to.include(`${first}.ready`);
    expect(existsSync(state())).to.equal(false);
  });

  it('gives segments up while it is suspended, and writes down which', async () => {
    python('archive.suspend(sys.argv[2])', repository.folder);
    spawnSync('chown', ['--reference', join(repository.folder, 'data'), state()]);
    await until(() => suspension().segments >= 3, 'a gap of three segments');
  });

  it('goes on with the first segment that the repository takes, and states the gap exactly', async () => {
    renameSync(`${archiveInfo()}-away`, archiveInfo());
    writeFileSync(state(), JSON.stringify({ ...suspension(), tried: 0 }));
    await until(() => !existsSync(state()), 'the end of the suspension');
    await until(
      () => repository.archived().at(-1) === repository.query('SELECT last_archived_wal FROM pg_stat_archiver'),
      'the archive',
    );
    const [gap] = JSON.parse(readFileSync(join(repository.folder, 'archive-gaps.json'), 'utf8')) as {
      readonly from: string;
      readonly to: string;
      readonly segments: number;
    }[];
    const numbers = repository.archived().map((name) => Number.parseInt(name.slice(16), 16));
    const last = numbers.at(-1) ?? 0;
    const missing = Array.from({ length: last }, (_, index) => index + 1).filter(
      (number) => number >= (numbers[0] ?? 0) && !numbers.includes(number),
    );
    expect(missing).not.to.deep.equal([]);
    expect(gap).to.include({
      from: segment(missing[0] ?? 0),
      to: segment(missing.at(-1) ?? 0),
      segments: missing.length,
    });
  });

  it('lets a new backup be restored, to the row', () => {
    const { code, result } = repository.backUp();
    expect(code, JSON.stringify(result)).to.equal(0);
    const rows = repository.query('SELECT count(*) FROM written');
    expect(repository.restored(String(result['label']), 'SELECT count(*) FROM written')).to.equal(rows);
  });
});
