import { filledDatabase } from '../../lab/filled-database.ts';
import { MEMBER_ACCOUNT } from '../../database/vocabulary.ts';
import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import { Api } from './api.ts';
import { makeNamespace } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import type { RunningController } from './controller.ts';
import { installController, removeController, startController, until } from './controller.ts';
import type { Ran } from '../../lab/api-server/kubectl.ts';

const NAMESPACE = 'changing-over';
const NEW = 'ballast-member-orders';

/** A Database in direct mode; the annotation about its account as it is now. */
function orders(account?: string, hour = 1): Database {
  const backup = { enabled: true, destination: 's3://backups/orders', schedule: `0 ${hour} * * *` };
  const annotations = { 'db.example.com/apply': 'true', ...(account !== undefined && { [MEMBER_ACCOUNT]: account }) };
  const spec = { version: '17', replicas: 2, storage: { size: '10Gi' }, backup };
  return filledDatabase({ name: 'orders', namespace: NAMESPACE, annotations }, spec);
}

describe('In direct mode the account of members', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  let controller: RunningController;

  const run = (...args: string[]): Promise<Ran> => plane!.admin.run([...args, '--namespace', NAMESPACE]);
  const read = async (...args: string[]): Promise<string> => (await run('get', ...args)).stdout;
  const apply = async (database: Database): Promise<void> => {
    const { code, stderr } = await plane!.admin.apply([database], ['--server-side', '--force-conflicts']);
    expect(code, stderr).equal(0);
  };

  /** Accounts that are there, that are bound, and that the next pod gets. */
  async function accounts(): Promise<string> {
    const made = await read('sa', '-l', 'db.example.com/database=orders', '-o', 'jsonpath={.items[*].metadata.name}');
    const bound = await read('rolebinding', 'orders-members', '-o', 'jsonpath={.subjects[*].name}');
    const next = await read('statefulset', 'orders', '-o', 'jsonpath={.spec.template.spec.serviceAccountName}');
    return `made ${made}; bound ${bound}; next ${next}`;
  }

  const settled = (wanted: string): Promise<string> => until(accounts, (now) => now === wanted);

  async function makePod(account: string): Promise<void> {
    const labels = { 'app.kubernetes.io/component': 'database', 'db.example.com/database': 'orders' };
    const spec = { serviceAccountName: account, containers: [{ name: 'postgresql', image: 'none' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orders-0', namespace: NAMESPACE, labels }, spec };
    expect((await plane!.admin.apply([pod])).stderr).equal('');
  }

  /** Changes the object that is applied last, and waits until it is applied: by then a change of the account would be visible too. */
  async function afterOtherChange(hour: number): Promise<string> {
    await apply(orders(undefined, hour));
    await until(
      () => read('cronjob', 'orders-backup', '-o', 'jsonpath={.spec.schedule}'),
      (now) => now === `0 ${hour} * * *`,
    );
    return accounts();
  }

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installController(plane, 'controller');
    await makeNamespace(api, NAMESPACE);
    controller = await startController(plane);
  });

  after(async () => {
    if (!plane) return;
    expect(await controller.end()).equal(0);
    await removeController(plane, 'controller');
    api.close();
  });

  it('is that of an earlier version where the annotation says so', async () => {
    await apply(orders('orders'));
    await settled('made orders; bound orders; next orders');
    await makePod('orders');
  });

  it('stays so without an annotation, also for a controller that is new', async () => {
    expect(await afterOtherChange(2)).equal('made orders; bound orders; next orders');
    expect(await controller.end()).equal(0);
    controller = await startController(plane!);
    expect(await afterOtherChange(3)).equal('made orders; bound orders; next orders');
  });

  it('changes over when that is asked for, and the old one keeps its rights', async () => {
    await apply(orders(NEW, 3));
    await settled(`made ${NEW} orders; bound ${NEW} orders; next ${NEW}`);
  });

  it('keeps the old one beside it for as long as a member runs under it', async () => {
    expect(await afterOtherChange(4)).equal(`made ${NEW} orders; bound ${NEW} orders; next ${NEW}`);
  });

  it('is its own alone when no member is left under the old one', async () => {
    await run('delete', 'pod', 'orders-0', '--force', '--grace-period=0');
    await makePod(NEW);
    await settled(`made ${NEW}; bound ${NEW}; next ${NEW}`);
  });
});
