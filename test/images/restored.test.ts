import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE, MAJOR, imageOrSkip, settingsOf } from '../backups/database.ts';
import { Restricted } from './restricted.ts';
import { sectionsOf } from './sections.ts';

const LIMIT_MS = 300_000;
const own = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

const RESTORE = {
  from: 'ledger',
  destination: 's3://acme-backups/shop/ledger',
  backup: 'nightly',
  targetName: 'before-migration',
};

/** One run of the script; each test reads a section of it. */
describe('Patroni with a Database that starts from a backup', function () {
  this.timeout(LIMIT_MS);
  let container: Restricted | undefined;
  let said: Record<string, string[]>;

  before(async function () {
    imageOrSkip(this);
    const settings = settingsOf('orders', {
      bootstrap: { restore: RESTORE },
      backup: { destination: 's3://acme-backups/shop/orders' },
      highAvailability: { synchronous: 'off' },
    });
    container = await Restricted.of(IMAGE, MAJOR, { ...settings, 'kubernetes-api.py': own('kubernetes-api.py') });
    container.bringPrograms();
    const { output } = container.run(own('restored-members.sh'), { TLS: '/etc/ballast-tls' }, { limitMs: LIMIT_MS });
    said = sectionsOf(output);
    expect(said, output).to.have.property('end');
  });
  after(() => container?.remove());

  it('ends when the replay does not reach its target, and puts the data aside', () => {
    expect(said['a target that is not there']).to.deep.equal(['ended with 1', 'pgdata.failed', 'restored.json']);
  });

  it('leaves the data of a replay that was broken off where no server takes them for whole', () => {
    expect(said['broken off']).to.deep.equal(['ended with 137', 'pgdata', 'restored.json']);
  });

  it('begins again by itself, and has the state of the target, on a timeline of its own, with no setting of the replay', () => {
    expect(said['to the end']).to.deep.equal(['pgdata', 'restored.json', '100|100', '2', 'on', 'on', '0', '0']);
  });

  it('makes a standby that has no setting of the replay either, and goes on behind the old target', () => {
    expect(said['a standby of it']).to.deep.equal(['0', '0']);
  });

  it('has none after a switchover', () => {
    expect(said['after a switchover']).to.deep.equal(['0', '0', '0', '0']);
  });

  it('archives to its own stanza, which no backup has made yet, and leaves that of its source as it was', () => {
    expect(said['the archive of the source']).to.deep.equal(['stanza=orders', 'unchanged']);
  });
});
