import { expect } from 'chai';
import { Api } from './api.ts';
import { makeNamespace } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import type { RunningController } from './controller.ts';
import { installController, removeController, startController, until } from './controller.ts';

/** The namespace that the overlay names. */
const OWN = 'databases';
const OTHER = 'not-looked-after';

function database(namespace: string): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name: 'orders', namespace, annotations: { 'db.example.com/apply': 'true' } },
    spec: { version: '17', storage: { size: '10Gi' } },
  };
}

describe('The controller as kustomize installs it, for one namespace', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  let controller: RunningController;

  const found = async (namespace: string, kinds: string): Promise<string> =>
    (await plane!.admin.succeed(['get', kinds, '--namespace', namespace, '-o', 'name'])).trim();

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    for (const namespace of [OWN, OTHER]) await makeNamespace(api, namespace);
    await installController(plane, 'controller-namespaced');
    controller = await startController(plane);
  });

  after(async () => {
    if (!plane) return;
    expect(await controller.end()).equal(0);
    await removeController(plane, 'controller-namespaced');
    api.close();
  });

  it('looks after the Databases there, and after no others', async () => {
    const { code, stderr } = await plane!.admin.apply([database(OTHER), database(OWN)]);
    expect([code, stderr]).eql([0, '']);
    const kinds = 'statefulsets,secrets';
    await until(
      () => found(OWN, kinds),
      (names) => names.split('\n').length === 6,
    );
    expect(await found(OTHER, kinds)).equal('');
    const path = ['get', 'db', 'orders', '--namespace', OTHER, '-o', 'jsonpath={.status}{.metadata.finalizers}'];
    expect(await plane!.admin.succeed(path)).equal('');
  });

  it('has no right anywhere else', async () => {
    const may = async (...what: string[]): Promise<string> =>
      (await controller.account.run(['auth', 'can-i', ...what])).stdout.trim();
    expect(await may('list', 'pods', '--namespace', OWN)).equal('yes');
    expect(await may('get', 'secrets/orders-app', '--namespace', OWN)).equal('yes');
    for (const what of [
      ['list', 'pods', '--namespace', OTHER],
      ['create', 'secrets', '--namespace', OTHER],
      ['list', 'databases.db.example.com', '--all-namespaces'],
      ['list', 'namespaces'],
      ['patch', 'namespaces'],
      ['list', 'storageclasses'],
      ['list', 'secrets', '--namespace', OWN],
      ['create', 'pods', '--subresource=exec', '--namespace', OWN],
    ]) {
      expect(await may(...what), what.join(' ')).equal('no');
    }
  });
});
