import { expect } from 'chai';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import type { Running } from '../../lab/processes/process.ts';
import type { Fault } from '../../lab/s3/proxy.ts';
import type { S3Server } from '../../lab/s3/server.ts';
import type { ImageRoot } from '../images/restricted.ts';
import { bringPrograms, unpackImage } from '../images/restricted.ts';
import { ARCHIVING, IMAGE, INIT, PGBACKREST, imageOrSkip, runs, settingsOf, started } from './database.ts';
import { Member } from './member.ts';
import { s3ServerOrSkip } from './s3-or-skip.ts';

const BUCKET = 'acme-backups';

/** Asks as a first start does whether the Database has backups. */
const ASK = `python3 -B - <<'END'
import sys
sys.path.append('/usr/local/lib/ballast')
from own_backups import has_backups
from pgbackrest import Failed, PgBackRest
try:
    print(has_backups(PgBackRest('${PATHS.pgbackrestRecover}', 'orders', lambda text: None)))
except Failed as error:
    print('no start:', error)
END`;

interface Case {
  readonly name: string;
  readonly fault?: Fault;
  readonly place?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const NO_START = /^no start: /m;

const CASES: readonly Case[] = [
  { name: 'its backups are there', says: /^True$/m },
  { name: 'there are none in its place', place: { prefix: 'shop/new' }, says: /^False$/m },
  { name: 'the bucket refuses connections', fault: { kind: 'refuse' }, says: NO_START },
  { name: 'the bucket drops connections', fault: { kind: 'drop' }, says: NO_START },
  { name: 'the bucket hangs', fault: { kind: 'hang' }, says: NO_START },
  { name: 'there is no such bucket', place: { bucket: 'another' }, says: NO_START },
  { name: 'its keys are wrong', environment: { PGBACKREST_REPO1_S3_KEY_SECRET: 'wrong' }, says: NO_START },
  {
    name: 'its passphrase was lost, and another was made',
    environment: { PGBACKREST_REPO1_CIPHER_PASS: 'the second' },
    says: /^no start: the repository cannot be opened: it is not reached, or its passphrase is wrong$/m,
  },
];

describe('A Database that is made again beside a bucket', function () {
  this.timeout(180_000);
  let store: S3Server;
  let root: ImageRoot;
  let server: Running | undefined;
  const members: Member[] = [];

  function memberWith(place: object = {}, environment: Readonly<Record<string, string>> = {}): Member {
    const endpoint = `${store.host}:${store.proxy.port}`;
    const s3 = { bucket: BUCKET, prefix: 'shop/orders', endpoint, caSecret: 'store-ca', credentialsSecret: 'keys' };
    const member = new Member(root, {
      settings: settingsOf('orders', {
        bootstrap: { recover: true },
        backup: { destination: { s3: { ...s3, ...place } }, encryption: { enabled: true } },
      }),
      files: { [PATHS.bucketCa]: { 'ca.crt': store.authority } },
      hosts: [store.host],
      environment: {
        PGBACKREST_REPO1_S3_KEY: store.keys.id,
        PGBACKREST_REPO1_S3_KEY_SECRET: store.keys.secret,
        PGBACKREST_REPO1_CIPHER_PASS: 'the first',
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
    root = unpackImage(IMAGE, 'recover');
    bringPrograms(root);
    const orders = memberWith();
    await runs(orders, INIT);
    server = await started(orders, ARCHIVING);
    for (const command of ['stanza-create', 'backup']) await runs(orders, `${PGBACKREST} ${command}`);
  });

  after(async () => {
    await server?.stop();
    for (const member of members) member.remove();
    // A suite that is skipped has neither.
    await (store as S3Server | undefined)?.stop();
    (root as ImageRoot | undefined)?.remove();
  });

  for (const { name, fault, place, environment, says } of CASES) {
    it(`knows whether it may begin empty: ${name}`, async () => {
      const member = memberWith(place, environment);
      await store.proxy.setFault(fault ?? { kind: 'none' });
      try {
        expect(await runs(member, ASK)).to.match(says);
      } finally {
        await store.proxy.setFault({ kind: 'none' });
      }
    });
  }
});
