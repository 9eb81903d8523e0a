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
describe('Two members of a Database that is restored in place', function () {
  this.timeout(LIMIT_MS);
  let container: Restricted | undefined;
  let said: Record<string, string[]>;

  before(async function () {
    completeOrSkip(this, 'test:backups');
    imageOrSkip(this);
    const settings = settingsOf('orders', {
      backup: { destination: 's3://acme-backups/shop/orders' },
      highAvailability: { synchronous: 'off' },
    });
    container = await Restricted.of(IMAGE, MAJOR, { ...settings, 'kubernetes-api.py': own('kubernetes-api.py') });
    container.bringPrograms();
    const { output } = container.run(own('restore-in-place.sh'), { TLS: '/etc/ballast-tls' }, { limitMs: LIMIT_MS });
    said = sectionsOf(output);
    expect(said, output).to.have.property('end');
  });
  after(() => container?.remove());

  it('are held: they answer the probes as members that live and do not serve, and run no Patroni', () => {
    expect(said['held']).to.deep.equal(['200', '503', '200', '503', 'no Patroni', 'pgdata']);
  });

  it('leave the present data alone while others are restored and replayed beside them', () => {
    const beside = ['pgdata pgdata-restore-1111111111111111'];
    expect(said['lost while WAL is replayed']).to.deep.equal(beside);
    expect(said['lost while the backup is restored']).to.deep.equal(beside);
  });

  it('have exactly what was written before the target, with no setting of the replay, while the other is held', () => {
    expect(said['restored']).to.deep.equal([
      ...['1', '100|100', '["1111111111111111"]', 'pgdata pgdata-before-1111111111111111', '0', 't'],
    ]);
  });

  it('follow with the passwords of today, know what was restored, and let the former data go', () => {
    expect(said['the other follows']?.slice(0, 3)).to.deep.equal(['100|100', '["1111111111111111"]', 'pgdata']);
  });

  it('archive the history of the new timeline', () => {
    expect(said['the other follows']?.slice(3)).to.include('00000002.history');
  });

  it('do nothing when the same restore is asked for again', () => {
    expect(said['asked again']).to.deep.equal(['101|300', 'pgdata']);
  });

  it('keep their data when there is no such backup', () => {
    expect(said['a backup that is not there']).to.deep.equal(['there is no backup never-made; …', '101|300']);
  });

  it('keep their data when the replay does not reach the target', () => {
    expect(said['a target that the archive does not reach']).to.deep.equal([
      ...['PostgreSQL did not reach the target; the log of the member says why', '101|300', 'pgdata'],
    ]);
  });

  it('keep their data when the backup is damaged', () => {
    const [reason, ...rest] = said['a damaged backup'] ?? [];
    expect(reason).to.match(/^restore ended with \d+/);
    expect(rest).to.deep.equal(['101|300', 'pgdata']);
  });

  it('keep which restores they went through, and end at the end of a backup that is named alone', () => {
    const section = said['once more, to the end of the backup'];
    expect(section).to.deep.equal(['0', '["1111111111111111", "5555555555555555"]', '0']);
  });
});
