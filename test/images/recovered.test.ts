import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE, MAJOR, imageOrSkip, settingsOf } from '../backups/database.ts';
import { completeOrSkip } from '../complete.ts';
import { Restricted } from './restricted.ts';
import { sectionsOf } from './sections.ts';

const LIMIT_MS = 540_000;
const own = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** One run of the script; each test reads a section of it. */
describe('A Database that is made again', function () {
  this.timeout(LIMIT_MS);
  let container: Restricted | undefined;
  let said: Record<string, string[]>;

  before(async function () {
    completeOrSkip(this, 'test:backups');
    imageOrSkip(this);
    const settings = settingsOf('orders', {
      bootstrap: { recover: true },
      backup: { destination: 's3://acme-backups/shop/orders' },
      highAvailability: { synchronous: 'off' },
    });
    container = await Restricted.of(IMAGE, MAJOR, { ...settings, 'kubernetes-api.py': own('kubernetes-api.py') });
    container.bringPrograms();
    const environment = { TLS: '/etc/ballast-tls', MAJOR };
    const { output } = container.run(own('recovered-members.sh'), environment, { limitMs: LIMIT_MS });
    said = sectionsOf(output);
    expect(said, output).to.have.property('end');
  });
  after(() => container?.remove());

  it('begins empty where the repository is empty, as Patroni would make it, and with a backup after it', () => {
    expect(said['an empty repository']).to.deep.equal([
      ...['True None None', 'pgdata restored.json', 'on', 'UTF8', 'C.UTF-8', '1', 'True None'],
    ]);
  });

  /** The rows, the timeline, the settings of the replay that are left, and the login with the password of today. */
  const state = (rows: number, timeline: number): string[] => [`${rows}|${rows}|t`, String(timeline), '0', '1'];

  it('has every row of the archive when its node was lost, with the passwords of today', () => {
    expect(said['made again 1']).to.deep.equal([...state(1000, 2), 'True orders 1', 'pgdata restored.json']);
  });

  it('has every row when its members had ended in order', () => {
    expect(said['made again 2']).to.deep.equal(state(2000, 3));
  });

  it('goes on after it was killed before, during and after the restore of the files', () => {
    expect(said['made again 3']).to.deep.equal(['True None', ...state(3000, 4)]);
  });

  it('loses nothing when it is lost again before it has archived', () => {
    expect(said['made again 4']).to.deep.equal(state(3000, 5));
  });

  it('is on a timeline of its own for each of five times, and none is skipped', () => {
    const histories = [2, 3, 4, 5, 6].map((timeline) => `0000000${timeline}.history`);
    expect(said['made again 5']).to.deep.equal([...state(4000, 6), histories.join(' ')]);
  });

  it('has standbys, and is backed up further in its repository', () => {
    expect(said['a standby and a backup of it']).to.deep.equal(['True None', '4000']);
  });

  const cannotBeOpened = 'the repository cannot be opened: it is not reached, or its passphrase is wrong';
  const ENDINGS: Readonly<Record<string, string>> = {
    'a primary that still archives':
      'a primary still archives here: 0000000600000000000000F0 came within N s; stop it first',
    'no list of the backups': 'the repository has backups, and no list of them',
    'a list that cannot be opened': cannotBeOpened,
    'a passphrase that does not open it': cannotBeOpened,
    'another major version alone': `the repository has backups of PostgreSQL ${MAJOR}, and none of ${Number(MAJOR) + 1}`,
    'another member with data': 'another member has begun the cluster with its data; this one copies them',
  };

  for (const [what, reason] of Object.entries(ENDINGS)) {
    it(`does not start, and says why: ${what}`, () => {
      const [outcome, beside] = said[what] ?? [];
      expect(outcome?.replace(/within \d+ s/, 'within N s')).to.equal(`False ${reason}`);
      expect(beside).to.equal('pgdata.restoring');
    });
  }

  it('writes nothing into a repository that it did not start from', () => {
    expect(said['another member with data']).to.include('the repository is as it was');
  });

  it('begins with its backups once nothing is in the way', () => {
    expect(said['once more']).to.deep.equal(state(4000, 7));
  });

  it('begins empty without the setting, and says which one it lacks; its backups stay', () => {
    const reason =
      'the repository belongs to other data; a Database that is made again begins with its backups when bootstrap.recover is set';
    expect(said['without recover']).to.deep.equal([
      ...[`False check ended with 28: ${reason}`, '1', 'the repository is as it was'],
    ]);
  });

  it('begins empty beside WAL without any backup, and takes that repository over', () => {
    expect(said['WAL and no backup']).to.deep.equal(['True', 'True', 'True None']);
  });
});
