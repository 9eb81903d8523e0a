import { expect } from 'chai';
import type { DatabaseRestoreStatus } from '../../database/types.ts';
import { until } from '../cluster/controller.ts';
import { askForBackup, untilFirstSucceeded, untilSucceeded } from './backups.ts';
import { untilTrusted } from './client.ts';
import { Store } from './store.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const DONE_MS = 420_000;
const TIMES = [1, 2, 3, 4, 5];
const KEY = 'orders-backup-key';

describe('a Database in a cluster that is thrown away and rebuilt from Git and bucket @long', function () {
  this.timeout('12m');
  let store: Store;
  /** The Secret with the passphrase, as it lies in a vault. */
  let vault: string;
  const { user } = story({
    namespace: 'rebuilt',
    begin: async () => {
      store = await Store.start(cluster, user);
      await applyFromGit();
      await user.untilSettled();
    },
  });

  after(async () => {
    await (store as Store | undefined)?.stop();
  });

  /** What Git holds; it never changes. */
  async function applyFromGit(): Promise<void> {
    const backup = { schedule: '0 3 1 1 *', destination: store.destination, encryption: { enabled: true } };
    await user.apply({ replicas: 2, bootstrap: { recover: true }, backup });
  }

  /** A restore in place, which stays in Git as well. */
  async function applyRestore(): Promise<DatabaseRestoreStatus> {
    const object = {
      ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseRestore', metadata: { name: 'put-back' } },
      spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', backup: 'before-mistake' },
    };
    await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(object) });
    return until(
      async () => JSON.parse((await user.field('dbrestore/put-back', 'status')) || '{}') as DatabaseRestoreStatus,
      ({ phase }) => phase === 'Succeeded' || phase === 'Failed',
      DONE_MS,
    );
  }

  const rows = (): Promise<string> => user.onPrimary('\\connect app\nSELECT count(*), max(n) FROM sold');

  /** Writes rows, and waits until the archive has them. */
  async function write(first: number, last: number): Promise<void> {
    await untilTrusted(user, await user.secret('tls', 'ca.crt'));
    await user.asApplication(`INSERT INTO sold SELECT generate_series(${first}, ${last})`);
    const segment = await user.onPrimary('SELECT pg_walfile_name(pg_switch_wal())');
    await until(
      () => user.onPrimary(`SELECT last_archived_wal >= '${segment}' FROM pg_stat_archiver`),
      (isThere) => isThere === 't',
      DONE_MS,
    );
  }

  /** Throws away all that the cluster has of the Database: objects, volumes and Secrets. The bucket stays, and the vault. */
  async function rebuild(): Promise<void> {
    await user.end();
    await user.begin();
    await store.introduce(user);
  }

  const timeline = (): Promise<string> => user.onPrimary('SELECT timeline_id FROM pg_control_checkpoint()');

  it('begins empty at first, and goes through a restore in place', async () => {
    await untilTrusted(user, await user.secret('tls', 'ca.crt'));
    await user.asApplication('CREATE TABLE sold (n int)');
    await untilFirstSucceeded(user);
    await write(1, 1000);
    await askForBackup(user, 'before-mistake');
    await untilSucceeded(user, 'before-mistake');
    await write(5000, 5999);
    const { phase, message } = await applyRestore();
    expect(phase, message).to.equal('Succeeded');
    await untilSucceeded(user, 'put-back-after');
    await user.untilSettled();
    expect(await rows()).to.equal('1000|1000');
    const { data, type } = JSON.parse(await user.kubectl.run(['get', 'secret', KEY, '--output=json'])) as {
      readonly data: object;
      readonly type: string;
    };
    vault = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: KEY }, type, data });
  });

  it('does not start with a new passphrase, says so, and starts once the right one is back', async () => {
    await rebuild();
    await applyFromGit();
    const reason = 'the repository cannot be opened: it is not reached, or its passphrase is wrong';
    await until(
      () => user.condition('Ready'),
      (text) => text.startsWith('False FirstDataFailed: ') && text.includes(reason),
      DONE_MS,
    );
    await user.kubectl.run(['apply', '--server-side', '--force-conflicts', '--filename=-'], { input: vault });
    await until(
      () => user.condition('Ready'),
      (text) => text.startsWith('True'),
      DONE_MS,
    );
    await user.untilSettled();
    expect(await rows()).to.equal('1000|1000');
  });

  for (const time of TIMES) {
    it(`has every row of the archive, and does not go back: time ${time}`, async () => {
      const before = Number(await timeline());
      await write(time * 1000 + 1, time * 1000 + 1000);
      await rebuild();
      await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input: vault });
      await applyFromGit();
      const restored = applyRestore();
      await until(
        () => user.condition('Ready'),
        (text) => text.startsWith('True'),
        DONE_MS,
      );
      await user.untilSettled();
      const { phase, message } = await restored;
      expect([phase, message]).to.deep.equal(['Succeeded', 'the data went through this restore before']);
      const all = time * 1000 + 1000;
      expect(await rows()).to.equal(`${all}|${all}`);
      expect(Number(await timeline())).to.equal(before + 1);
    });
  }

  it('is backed up further in the same place', async () => {
    await until(
      () => user.status(),
      ({ backupCount = 0 }) => backupCount > 2,
      DONE_MS,
    );
    await user.untilCondition('BackupHealthy', /^True Succeeded/);
  });
});
