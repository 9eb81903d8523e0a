import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { S3Server } from '../../../lab/s3/server.ts';
import { s3ServerOrSkip } from '../../backups/s3-or-skip.ts';
import { isComplete } from '../../complete.ts';
import type { Repository } from './repository.ts';
import { repositoryOrSkip } from './repository.ts';

/** Simulated hours, and the speed of their clock: a minute is half a second. */
const HOURS = isComplete ? 24 : 2;
const SPEED = 120;
/** A segment of 16 MiB every ten simulated minutes fills it within the second hour. */
const VOLUME_MIB = 256;
const BUCKET = 'acme-backups';

/** What a primary told of its archive, as images/postgres/waiting.py writes it. */
interface Told {
  readonly state: string;
  readonly archivedUntil?: string;
}

/** What hours.py prints. */
interface Hours {
  readonly minutes: number;
  /** Minutes in which nothing was written. */
  readonly without: number;
  readonly longest: string;
  readonly told: readonly Told[];
}

const numberOf = (segment: string): number => Number.parseInt(segment.slice(16), 16);

/** The bucket's faults, and what a client does wrong. */
const FAULTS = {
  hang: { fault: { kind: 'hang' }, secret: undefined },
  refuse: { fault: { kind: 'refuse' }, secret: undefined },
  'lost key': { fault: { kind: 'none' }, secret: 'another' },
} as const;

for (const [what, { fault, secret }] of Object.entries(FAULTS).slice(0, isComplete ? undefined : 1)) {
  describe(`${HOURS} hours with a bucket that is dead: ${what}`, function () {
    this.timeout(900_000);
    let store: S3Server;
    let repository: Repository;
    let lived: Hours;

    before(async function () {
      if (process.getuid?.() !== 0 || spawnSync('faketime', ['--version']).error) {
        process.stderr.write(`SKIPPED, ${this.test?.parent?.title ?? ''}: needs root and faketime\n`);
        this.skip();
      }
      store = await s3ServerOrSkip(this, [BUCKET]);
      repository = repositoryOrSkip(this, VOLUME_MIB);
      repository.query('ALTER SYSTEM SET max_wal_size = 64');
      repository.query('ALTER SYSTEM SET min_wal_size = 32');
      repository.query('CREATE TABLE written (at timestamptz NOT NULL)');
      expect(repository.backUp().code).to.equal(0);
      await store.proxy.setFault(fault);
      const said = await repository.live(HOURS, SPEED, [
        ...['repo1-type=s3', `repo1-s3-bucket=${BUCKET}`, 'repo1-s3-endpoint=127.0.0.1', 'repo1-s3-region=here'],
        ...[`repo1-s3-key=${store.keys.id}`, `repo1-s3-key-secret=${secret ?? store.keys.secret}`],
        ...[`repo1-storage-port=${store.proxy.port}`, 'repo1-storage-verify-tls=n', 'repo1-s3-uri-style=path'],
      ]);
      lived = JSON.parse(said) as Hours;
    });

    after(async () => {
      try {
        (repository as Repository | undefined)?.stop();
      } finally {
        await (store as S3Server | undefined)?.stop();
      }
    });

    it('has no minute without writes', () => {
      process.stdout.write(
        `      ${lived.minutes} minutes, ${lived.without} without writes, longest gap ${lived.longest}\n`,
      );
      expect(lived.minutes).to.be.within(HOURS * 60 - 2, HOURS * 60);
      expect(lived.without).to.equal(0);
    });

    it('is told of, with the moment up to which all can be restored: first as waiting, then as suspended', () => {
      const states = lived.told.map(({ state }) => state);
      expect([...new Set(states)].filter((state) => state !== 'archiving')).to.deep.equal(['waiting', 'suspended']);
      const moments = lived.told.flatMap(({ archivedUntil }) => archivedUntil ?? []);
      expect(new Set(moments).size).to.equal(1);
    });

    it('leaves a gap that is stated exactly, and a backup after it can be restored', () => {
      const label = String(repository.backUp('--type=full').result['label']);
      const [gap] = JSON.parse(readFileSync(join(repository.volume, 'archive-gaps.json'), 'utf8')) as {
        readonly from: string;
        readonly to: string;
        readonly segments: number;
      }[];
      const there = new Set(repository.archived().map(numberOf));
      const all = Array.from({ length: Math.max(...there) - Math.min(...there) }, (_, one) => Math.min(...there) + one);
      const missing = all.filter((number) => !there.has(number));
      expect([numberOf(gap!.from), numberOf(gap!.to), gap!.segments]).to.deep.equal([
        ...[missing[0], missing.at(-1), missing.length],
      ]);
      const rows = repository.query('SELECT count(*) FROM written');
      expect(repository.restored(label, 'SELECT count(*) FROM written')).to.equal(rows);
    });
  });
}
