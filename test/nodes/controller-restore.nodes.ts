import { expect } from 'chai';
import type { DatabaseRestoreStatus } from '../../database/types.ts';
import { until } from '../cluster/controller.ts';
import { Store } from './store.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const DONE_MS = 420_000;
const ROWS = 'SELECT count(*), max(n) FROM sold';

describe('a Database that is restored in place', function () {
  this.timeout('10m');
  let store: Store;
  const { user } = story({
    namespace: 'turned',
    begin: async () => {
      store = await Store.start(cluster, user);
      await user.apply({ replicas: 3, backup: { schedule: '0 3 1 1 *', destination: store.destination } });
      await user.untilSettled();
    },
  });

  after(async () => {
    await (store as Store | undefined)?.stop();
  });

  const statusOf = async (name: string): Promise<DatabaseRestoreStatus> =>
    JSON.parse((await user.field(`dbrestore/${name}`, 'status')) || '{}') as DatabaseRestoreStatus;

  /** Asks for a restore, and waits until it has ended; shows each phase as a person sees it, and gives its status. */
  async function restore(name: string, spec: object): Promise<DatabaseRestoreStatus> {
    const object = {
      ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseRestore', metadata: { name } },
      spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', ...spec },
    };
    await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(object) });
    let shown: string | undefined;
    const look = async (): Promise<DatabaseRestoreStatus> => {
      const status = await statusOf(name);
      if (status.phase !== shown) process.stdout.write(await user.kubectl.run(['get', 'dbrestore', name]));
      shown = status.phase;
      return status;
    };
    const isOver = ({ phase }: DatabaseRestoreStatus): boolean => phase === 'Succeeded' || phase === 'Failed';
    return until(look, isOver, DONE_MS);
  }

  const rows = (): Promise<string> => user.onPrimary(`\\connect app\n${ROWS}`);

  /** Waits until the first backup has been made. */
  async function untilBackedUp(): Promise<void> {
    await until(
      () => user.status(),
      ({ backupCount = 0 }) => backupCount > 0,
      DONE_MS,
    );
  }

  it('has the rows until the moment and no others, on all members, with its passwords of today', async () => {
    await user.asApplication('CREATE TABLE sold (n int); INSERT INTO sold SELECT generate_series(1, 1000)');
    await untilBackedUp();
    await user.asApplication('INSERT INTO sold SELECT generate_series(1001, 2000)');
    const moment = await user.onPrimary(
      'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
    );
    await user.asApplication('INSERT INTO sold SELECT generate_series(2001, 3000)');
    await user.annotate('rotate-credentials=after-the-backup');
    await user.untilSettled();
    const {
      phase,
      message,
      startTime = '',
      completionTime = '',
    } = await restore('to-the-moment', {
      targetTime: moment,
    });
    expect(phase, message).to.equal('Succeeded');
    const seconds = (Date.parse(completionTime) - Date.parse(startTime)) / 1000;
    process.stdout.write(`      from the first stop to writes: ${seconds} s\n`);
    await user.untilSettled();
    expect(await rows()).to.equal('2000|2000');
    // The application logs in with the password of its Secret.
    await user.asApplication('INSERT INTO sold VALUES (5000)');
    await user.untilCondition('ReplicationHealthy', /^True /);
    expect(await rows()).to.equal('2001|5000');
  });

  it('is backed up before and after', async () => {
    for (const name of ['to-the-moment-before', 'to-the-moment-after']) {
      await until(
        () => user.field(`dbbackup/${name}`, 'status.phase'),
        (phase) => phase === 'Succeeded',
        DONE_MS,
      );
    }
  });

  it('goes on with its data when the replay does not reach the target @long', async () => {
    const { phase, message } = await restore('to-nowhere', { backup: 'to-the-moment-after', targetName: 'never-made' });
    expect(phase).to.equal('Failed');
    expect(message).to.match(/did not reach the target.*the data are those from before/);
    await user.untilSettled();
    expect(await rows()).to.equal('2001|5000');
  });

  it('is not put back once more by an object that is made again', async () => {
    const text = await user.kubectl.run(['get', 'dbrestore', 'to-the-moment', '--output=json']);
    const { spec } = JSON.parse(text) as { spec: object };
    await user.kubectl.run(['delete', 'dbrestore', 'to-the-moment']);
    const { phase, message } = await restore('to-the-moment', spec);
    expect([phase, message]).to.deep.equal(['Succeeded', 'the data went through this restore before']);
    expect(await rows()).to.equal('2001|5000');
  });

  it('waits, and says so, for a backup that is not there', async () => {
    const object = {
      ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseRestore', metadata: { name: 'to-nothing' } },
      spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', backup: 'never-made' },
    };
    await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(object) });
    const { phase, message } = await until(
      () => statusOf('to-nothing'),
      (status) => status.phase !== undefined,
      DONE_MS,
    );
    expect([phase, message]).to.deep.equal(['Pending', 'the repository has no backup never-made']);
  });
});
