import { expect } from 'chai';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import type { Running } from '../../lab/processes/process.ts';
import type { S3Server } from '../../lab/s3/server.ts';
import type { ImageRoot } from '../images/restricted.ts';
import { bringPrograms, unpackImage } from '../images/restricted.ts';
import {
  ARCHIVING,
  IMAGE,
  INIT,
  PGBACKREST,
  imageOrSkip,
  restoreCommand,
  runs,
  settingsOf,
  started,
} from './database.ts';
import { Member } from './member.ts';
import { s3ServerOrSkip } from './s3-or-skip.ts';

const BUCKET = 'acme-backups';

/** A place for backups in the store, as a user writes it. */
function destinationIn(store: S3Server, more: object = {}): object {
  const endpoint = `${store.host}:${store.proxy.port}`;
  const s3 = { bucket: BUCKET, prefix: 'shop/orders', endpoint, caSecret: 'store-ca', credentialsSecret: 'store-keys' };
  return { s3: { ...s3, ...more } };
}

describe('pgBackRest with an S3 store', function () {
  this.timeout(180_000);
  let store: S3Server;
  let root: ImageRoot;
  let orders: Member;
  const members: Member[] = [];
  const servers: Running[] = [];

  /** A member with rendered settings, which finds the authority of the store where they say unless it is given other files. */
  function memberWith(
    settings: Record<string, string>,
    authority: object = { 'ca.crt': store.authority },
    environment: Record<string, string> = {},
  ): Member {
    const member = new Member(root, {
      settings,
      files: { [PATHS.bucketCa]: { ...authority }, [PATHS.restoreCa]: { ...authority } },
      hosts: [store.host, `${BUCKET}.${store.host}`],
      environment: {
        PGBACKREST_REPO1_S3_KEY: store.keys.id,
        PGBACKREST_REPO1_S3_KEY_SECRET: store.keys.secret,
        // A test does not wait for a minute until pgBackRest gives up.
        PGBACKREST_IO_TIMEOUT: '2',
        ...environment,
      },
    });
    members.push(member);
    return member;
  }

  before(async function () {
    imageOrSkip(this);
    store = await s3ServerOrSkip(this, [BUCKET]);
    root = unpackImage(IMAGE, 's3');
    bringPrograms(root);
    orders = memberWith(settingsOf('orders', { backup: { destination: destinationIn(store) } }));
    await runs(orders, INIT);
    servers.push(await started(orders, ARCHIVING));
    await runs(orders, `psql -qc 'create table sold (n int)'`);
  });

  after(async () => {
    for (const server of servers) await server.stop();
    for (const member of members) member.remove();
    // A suite that is skipped has neither.
    await (store as S3Server | undefined)?.stop();
    (root as ImageRoot | undefined)?.remove();
  });

  afterEach(() => store.proxy.setFault({ kind: 'none' }));

  it('makes a stanza, archives a segment, and makes a backup', async () => {
    await runs(orders, `${PGBACKREST} stanza-create`);
    await runs(orders, `${PGBACKREST} check`);
    await runs(orders, `psql -qc 'insert into sold select generate_series(1, 1000)'`);
    await runs(orders, `${PGBACKREST} --type=full backup`);
    const info = JSON.parse(await runs(orders, `${PGBACKREST} --log-level-console=off --output=json info`)) as unknown;
    expect(info).to.have.nested.property('[0].status.code', 0);
    expect(info).to.have.nested.property('[0].backup[0].error', false);
  });

  it('restores it with all that was archived after it, as a Database begins', async () => {
    await runs(orders, `psql -qc 'insert into sold select generate_series(1001, 1500)'`);
    // It waits until the segment is in the archive.
    await runs(orders, `${PGBACKREST} check`);
    const destination = destinationIn(store);
    const settings = settingsOf('copy', { bootstrap: { restore: { from: 'orders', destination } } });
    const copy = memberWith(settings);
    await runs(copy, restoreCommand(settings));
    servers.push(await started(copy, { ...ARCHIVING, archive_mode: 'off' }));
    expect(await runs(copy, `psql -Atc 'select count(*), max(n) from sold'`)).to.equal('1500|1500');
  });

  it('finds the bucket in front of the host as well as in the path', async () => {
    const destination = destinationIn(store, { uriStyle: 'host' });
    const other = memberWith(settingsOf('orders', { backup: { destination } }));
    expect(await runs(other, `${PGBACKREST} repo-ls archive/orders`)).to.include('archive.info');
    await store.proxy.setFault({ kind: 'refuse' });
    const { output } = await other.run(`${PGBACKREST} repo-ls`);
    expect(output).to.include(`'${BUCKET}.${store.host}:${store.proxy.port}'`);
  });

  it('writes nothing that can be read without the passphrase, and restores with that of the source beside its own', async () => {
    const encryption = { enabled: true };
    const secret = settingsOf('secret', {
      backup: { destination: destinationIn(store, { prefix: 'secret' }), encryption },
    });
    const source = memberWith(secret, undefined, { PGBACKREST_REPO1_CIPHER_PASS: 'the source' });
    const stanza = `pgbackrest --config=${PATHS.pgbackrest} --stanza=secret`;
    await runs(source, INIT);
    servers.push(await started(source, { ...ARCHIVING, archive_command: `${stanza} archive-push %p` }));
    await runs(source, `psql -qc 'create table sold as select generate_series(1, 700) as n'`);
    for (const command of ['stanza-create', 'check', 'backup']) await runs(source, `${stanza} ${command}`);
    expect(await runs(source, `${stanza} repo-get archive/secret/archive.info`)).to.include('[cipher]');
    const stored = `pgbackrest --config=${PATHS.pgbackrest} --repo1-path=/secret repo-get --raw archive/secret/archive.info`;
    expect(await runs(orders, `${stored} | head -c 8`)).to.equal('Salted__');

    const destination = destinationIn(store, { prefix: 'secret' });
    const copySettings = settingsOf('copy', {
      backup: { destination: destinationIn(store, { prefix: 'copy' }), encryption },
      bootstrap: { restore: { from: 'secret', destination, encryptionSecret: 'secret-backup-key' } },
    });
    const command = restoreCommand(copySettings);
    const wrong = { PGBACKREST_REPO1_CIPHER_PASS: 'the copy', SOURCE_REPO1_CIPHER_PASS: 'another' };
    const refused = await memberWith(copySettings, undefined, wrong).run(command);
    expect(refused.code).not.to.equal(0);
    expect(refused.output).to.include('the repository cannot be opened: it is not reached, or its passphrase is wrong');
    expect(refused.output).not.to.include('another');

    const copy = memberWith(copySettings, undefined, { ...wrong, SOURCE_REPO1_CIPHER_PASS: 'the source' });
    await runs(copy, command);
    servers.push(await started(copy, { ...ARCHIVING, archive_mode: 'off' }));
    expect(await runs(copy, `psql -Atc 'select count(*) from sold'`)).to.equal('700');
  });

  it('is refused with a wrong secret, and says so', async () => {
    const { code, output } = await orders.run(`${PGBACKREST} check`, {
      PGBACKREST_REPO1_S3_KEY_SECRET: 'wrong',
    });
    expect(code).not.to.equal(0);
    expect(output).to.include('403 (Forbidden)').and.to.include('SignatureDoesNotMatch');
    expect(output).not.to.include(store.keys.secret);
  });

  it('says that the authority is missing while its Secret is not there', async () => {
    const settings = settingsOf('orders', { backup: { destination: destinationIn(store) } });
    const { code, output } = await memberWith(settings, {}).run(`${PGBACKREST} repo-ls`);
    expect(code).not.to.equal(0);
    expect(output).to.include('unable to set user-defined CA certificate location');
  });

  it('trusts no store of another authority', async () => {
    store.proxy.setCertificate(await store.issue('another authority'));
    const { code, output } = await orders.run(`${PGBACKREST} repo-ls`);
    expect(code).not.to.equal(0);
    expect(output).to.match(/unable to verify certificate presented by 's3.test:\d+'/);
    store.proxy.setCertificate(await store.issue('same authority'));
    await runs(orders, `${PGBACKREST} repo-ls`);
  });

  for (const kind of ['refuse', 'hang', 'drop'] as const) {
    it(`leaves PostgreSQL taking writes while its store does this: ${kind}; and archives afterwards`, async () => {
      await store.proxy.setFault({ kind });
      const { code, output } = await orders.run(`${PGBACKREST} repo-ls`);
      expect(code, output).not.to.equal(0);
      await runs(orders, `psql -qc 'insert into sold values (0); select pg_switch_wal()'`);
      await store.proxy.setFault({ kind: 'none' });
      await runs(orders, `${PGBACKREST} check`);
    });
  }
});
