import { expect } from 'chai';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import { startAzureStore } from '../../lab/clouds/azure.ts';
import { startGoogleStore } from '../../lab/clouds/google.ts';
import type { CloudStore } from '../../lab/clouds/store.ts';
import { completeOrSkip } from '../complete.ts';
import { orSkip } from '../or-skip.ts';
import type { Running } from '../../lab/processes/process.ts';
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

/** A cloud, as a Database is backed up to it. */
interface Cloud {
  readonly store: CloudStore;
  readonly destination: object;
  readonly hosts: readonly string[];
  /** Environment of the containers that run pgBackRest. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files of Secrets beside the authority, by the folder that they are mounted in. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What is to hold once all was done. */
  readonly expectDone: () => void;
}

const BUCKET = 'acme-backups';

async function google(): Promise<Cloud> {
  const store = await startGoogleStore(BUCKET);
  const endpoint = `${store.host}:${store.port}`;
  const key = { 'key.json': store.keyFile };
  const secrets = { caSecret: 'store-ca', credentialsSecret: 'store-key' };
  return {
    store,
    destination: { gcs: { bucket: BUCKET, prefix: 'shop/orders', endpoint, ...secrets } },
    hosts: [store.host],
    environment: {},
    files: { [PATHS.bucketKey]: key, [PATHS.restoreKey]: key },
    expectDone: () => {
      expect(store.tokens()).to.be.greaterThan(0);
    },
  };
}

async function azure(): Promise<Cloud> {
  const store = await startAzureStore();
  const { account, accountKey } = store;
  const endpoint = `${store.host}:${store.port}`;
  const secrets = { caSecret: 'store-ca', credentialsSecret: 'store-key' };
  return {
    store,
    destination: { azure: { account, container: BUCKET, prefix: 'shop/orders', endpoint, ...secrets } },
    hosts: [store.host, `${account}.${store.host}`],
    environment: { PGBACKREST_REPO1_AZURE_KEY: accountKey },
    files: {},
    expectDone: () => undefined,
  };
}

const CLOUDS: Readonly<Record<string, () => Promise<Cloud>>> = {
  'Google Cloud Storage': google,
  'Azure Blob Storage': azure,
};

for (const [title, begin] of Object.entries(CLOUDS)) {
  describe(`pgBackRest with an emulator of ${title}`, function () {
    this.timeout(180_000);
    let cloud: Cloud;
    let root: ImageRoot;
    const members: Member[] = [];
    const servers: Running[] = [];

    function memberWith(settings: Record<string, string>): Member {
      const ca = { 'ca.crt': cloud.store.authority };
      const member = new Member(root, {
        settings,
        files: { [PATHS.bucketCa]: ca, [PATHS.restoreCa]: ca, ...cloud.files },
        hosts: cloud.hosts,
        environment: cloud.environment,
      });
      members.push(member);
      return member;
    }

    before(async function () {
      imageOrSkip(this);
      // Its emulator takes minutes to build where it was not built yet; the other one stands for both.
      if (begin === google) completeOrSkip(this, 'test:backups');
      cloud = await orSkip(this, begin);
      root = unpackImage(IMAGE, 'clouds');
      bringPrograms(root);
    });

    after(async () => {
      for (const server of servers) await server.stop();
      for (const member of members) member.remove();
      await (cloud as Cloud | undefined)?.store.stop();
      (root as ImageRoot | undefined)?.remove();
    });

    it('makes a stanza, archives, backs up, and restores what was archived last', async () => {
      const { destination } = cloud;
      const orders = memberWith(settingsOf('orders', { backup: { destination } }));
      await runs(orders, INIT);
      servers.push(await started(orders, ARCHIVING));
      await runs(orders, `psql -qc 'create table sold as select generate_series(1, 1000) as n'`);
      // Too much for one request even when it is compressed.
      await runs(orders, `psql -qc 'create table noise as select md5(n::text) from generate_series(1, 400000) as n'`);
      if (title.startsWith('Azure')) await runs(orders, `pgbackrest --config=${PATHS.pgbackrest} repo-create`);
      for (const command of ['stanza-create', 'check', '--type=full backup'])
        await runs(orders, `${PGBACKREST} ${command}`);
      await runs(orders, `psql -qc 'insert into sold select generate_series(1001, 1500)'`);
      await runs(orders, `${PGBACKREST} check`);

      const settings = settingsOf('copy', { bootstrap: { restore: { from: 'orders', destination } } });
      const copy = memberWith(settings);
      await runs(copy, restoreCommand(settings));
      servers.push(await started(copy, { ...ARCHIVING, archive_mode: 'off' }));
      expect(await runs(copy, `psql -Atc 'select count(*), max(n) from sold'`)).to.equal('1500|1500');
      expect(await runs(copy, `psql -Atc 'select count(*) from noise'`)).to.equal('400000');
      cloud.expectDone();
    });
  });
}
