import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { untilShown } from './shown-certificate.ts';
import { untilReplaced } from './members.ts';
import { story } from './story.ts';

/** Longer than the controller takes to notice anything at all. */
const STEADY_MS = 12_000;
const DONE_MS = 300_000;
const KINDS = 'db,sts,pod,pvc,svc,cm,secret,sa,role,rolebinding,pdb,networkpolicy,cronjob';

describe('a Database in direct mode, from day to day', function () {
  this.timeout('8m');
  const { user, controller, whileWriting } = story({ namespace: 'daily' });

  it('is ready after it was applied, and shows what people look for', async () => {
    await user.apply();
    await user.kubectl.run(['wait', '--for=condition=Ready', 'db/orders', '--timeout=240s'], { limitMs: 250_000 });
    const status = await user.untilSettled();
    expect(status).to.deep.include({ phase: 'Running', ready: '3/3', readyReplicas: 3, replicas: 3 });
    expect(status.version).to.match(/^15/);
    expect(status.endpoints).to.deep.equal({
      primary: 'orders-primary.daily.svc:5432',
      readOnly: 'orders-replica.daily.svc:5432',
    });
    const [, row] = await user.lines('get', 'db', '--output=wide');
    expect(row?.split(/ +/).slice(0, 6)).to.deep.equal([
      'orders',
      'postgresql',
      '15',
      '3/3',
      status.primary,
      'Running',
    ]);
    const described = await user.kubectl.run(['describe', 'db', 'orders']);
    for (const told of ['made the Secret of app', 'applied StatefulSet orders', 'all 3 members serve, orders-']) {
      expect(described.slice(described.indexOf('Events:'))).to.contain(told);
    }
  });

  it('lets the application in over TLS that it verifies, with the password of its Secret', async () => {
    const text = await user.asApplication(
      'SELECT current_user, current_database(), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    expect(text).to.equal('app|app|t');
    expect(await user.asApplication('SELECT 1', 'wrong').catch(String)).to.contain('password authentication failed');
  });

  it('is left alone while nothing happens', async () => {
    const versions = (): Promise<string> =>
      user.kubectl.run([
        'get',
        KINDS,
        '--selector=db.example.com/database=orders',
        '--output=jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.managedFields[?(@.manager=="ballast-controller")].time}{"\\n"}{end}',
      ]);
    const before = await versions();
    const database = await user.field('db/orders', 'metadata.resourceVersion');
    const logged = controller.log.length;
    await new Promise((resolve) => setTimeout(resolve, STEADY_MS));
    expect(await user.field('db/orders', 'metadata.resourceVersion')).to.equal(database);
    expect(await versions()).to.equal(before);
    expect(controller.log.slice(logged)).to.deep.equal([]);
  });

  it('gets a new password for the application on demand, without a restart', async () => {
    const old = await user.secret('app', 'password');
    const pods = await user.pods();
    await whileWriting('rotate-app', async () => {
      await user.annotate('rotate-credentials=spring');
      await until(
        () => user.secret('app', 'password'),
        (password) => password !== old,
      );
      await until(
        () => user.asApplication('SELECT 1').catch(String),
        (text) => text === '1',
      );
      await user.untilSettled();
    });
    expect(await user.asApplication('SELECT 1', old).catch(String)).to.contain('password authentication failed');
    expect(await user.pods()).to.deep.equal(pods);
  });

  it('gets new passwords of the system on demand, and its members one after the other @long', async () => {
    const [old, before] = [await user.secret('superuser', 'password'), await user.pods()];
    await whileWriting('rotate-system', async () => {
      await user.annotate('rotate-system-credentials=spring');
      await until(
        () => user.secret('superuser', 'password'),
        (password) => password !== old,
      );
      // Clocks that may differ must tell them apart from those that started before.
      await until(
        () => user.pods(),
        (pods) => pods.every(({ uid, ready }) => ready && !before.some((one) => one.uid === uid)),
        DONE_MS,
      );
      await user.untilSettled();
    });
    expect(await user.onPrimary('SELECT count(*) FROM pg_stat_replication')).to.equal('2');
  });

  it('shows a new certificate, without a restart, when its own was lost', async () => {
    const pods = await user.pods();
    await user.kubectl.run(['delete', 'secret', 'orders-tls']);
    // Secrets cannot be watched: they are read after a start, once a day, and when a member does not start.
    await controller.stop();
    await controller.start();
    const made = await until(
      () => user.secret('tls', 'tls.crt'),
      (text) => text !== '',
    );
    await untilShown(user, made);
    expect(await user.pods()).to.deep.equal(pods);
    expect(await user.asApplication('SELECT 1')).to.equal('1');
  });

  it('takes up a parameter without a restart', async () => {
    const pods = await user.pods();
    await user.change({ parameters: { work_mem: '8MB' } });
    await until(
      () => user.onPrimary('SHOW work_mem'),
      (value) => value === '8MB',
    );
    await user.untilSettled();
    expect(await user.pods()).to.deep.equal(pods);
  });

  for (const value of ['120', '90']) {
    it(`takes up max_connections of ${value}, one server after the other @long`, async () => {
      await whileWriting(`max_connections-${value}`, async () => {
        await user.change({ parameters: { max_connections: value, work_mem: '8MB' } });
        await until(
          () => user.onPrimary('SHOW max_connections').catch(String),
          (now) => now === value,
          DONE_MS,
        );
        await user.untilSettled();
      });
      for (const { name } of await user.pods()) {
        expect((await user.kubectl.sql(name, 'SHOW max_connections')).trim(), name).to.equal(value);
      }
    });
  }

  it('rolls a change of its pods standbys first, and then switches over', async () => {
    const before = await user.pods();
    const { primary } = await user.status();
    await whileWriting('rollout', async () => {
      await user.change({ resources: { limits: { memory: '640Mi' } } });
      await untilReplaced(user, before, 3);
      await user.untilSettled();
    });
    expect((await user.status()).primary).not.to.equal(primary);
    const events = (await user.events()).join('\n');
    expect(events).to.match(/MemberReplaced: orders-\d is recreated: it is of an older template/);
    expect(events).to.contain(`SwitchoverRequested: asked Patroni for a switchover from ${String(primary)} to `);
    expect(events).to.contain(`is primary instead of ${String(primary)}`);
  });
});
