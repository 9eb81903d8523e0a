import { NO_SETTINGS } from '../../database/settings.ts';
import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import type { Reply } from './api.ts';
import { Api } from './api.ts';
import { makeNamespace } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import type { RunningController } from './controller.ts';
import { SYSTEM, installController, page, removeController, startController, until } from './controller.ts';
import type { Ran } from '../../lab/api-server/kubectl.ts';
import { letGo, serveMembers } from './stand-ins.ts';

const NAMESPACE = 'controlled';
const BACKUP = { enabled: true, destination: 's3://backups/orders' };
const SECRETS = ['app', 'ca', 'replication', 'superuser', 'tls'];

function database(name: string, spec: object = {}, annotations: object = {}): Database {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: NAMESPACE, annotations },
    spec: { engine: 'postgresql', version: '17', storage: { size: '10Gi' }, ...spec },
  } as Database;
}

const direct = (name: string, spec: object = {}, annotations: object = {}): Database =>
  database(name, spec, { 'db.example.com/apply': 'true', ...annotations });

describe('The controller as kustomize installs it, for all namespaces', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  let controller: RunningController;

  const run = (...args: string[]): Promise<Ran> => plane!.admin.run([...args, '--namespace', NAMESPACE]);
  const lines = async (...args: string[]): Promise<string[]> =>
    (await run(...args)).stdout.split('\n').filter((line) => line !== '');
  const apply = (...objects: object[]): Promise<Ran> =>
    plane!.admin.apply(objects, ['--server-side', '--force-conflicts']);

  /** `kind/name` of everything that belongs to a Database. */
  async function owned(name: string, kinds: string): Promise<string[]> {
    const found = await lines('get', kinds, '-l', `db.example.com/database=${name}`, '-o', 'name');
    return found.map((line) => line.replace(/\..*\//, '/')).sort();
  }

  function namesOf(manifests: readonly Manifest[]): string[] {
    return manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${(metadata as { name: string }).name}`).sort();
  }

  const secretsOf = (name: string): string[] => SECRETS.map((end) => `secret/${name}-${end}`);
  const RENDERED = 'sa,role,rolebinding,cm,svc,networkpolicy,pdb,pvc,statefulset,cronjob';

  async function condition(name: string, type: string): Promise<string> {
    const path = `jsonpath={.status.conditions[?(@.type=="${type}")].status}: {.status.conditions[?(@.type=="${type}")].message}`;
    return (await run('get', 'db', name, '-o', path)).stdout;
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

  it('waits for the Role that Git brings, then makes the Secrets', async () => {
    const [own, ...others] = render(familyOf(database('git', { replicas: 2 })), NO_SETTINGS);
    await apply(own!);
    const waits = await until(
      () => condition('git', 'Reconciling'),
      (text) => text.includes('Role'),
    );
    expect(waits).include('True').and.include('git-controller');
    expect(await owned('git', RENDERED)).eql([]);
    await apply(...others);
    await until(
      () => owned('git', 'secret'),
      (found) => found.length === SECRETS.length,
    );
    expect(await owned('git', 'secret')).eql(secretsOf('git'));
  });

  it('tells of a Database what kubectl get, wait and scale need', async () => {
    await serveMembers(plane!.admin, NAMESPACE, 'git', 2);
    const { code, stderr } = await run('wait', '--for=condition=Ready', 'db/git', '--timeout=60s');
    expect(stderr).equal('');
    expect(code).equal(0);
    const [head, row] = await lines('get', 'db', 'git');
    expect(head?.split(/ {2,}/)).eql(['NAME', 'ENGINE', 'VERSION', 'READY', 'PRIMARY', 'STATUS', 'LAST BACKUP', 'AGE']);
    expect(row?.split(/ +/).slice(0, 5)).eql(['git', 'postgresql', '17', '2/2', 'git-0']);
    expect((await run('scale', 'db', 'git', '--replicas=3')).code).equal(0);
    await until(
      () => lines('get', 'db', 'git', '-o', 'jsonpath={.status.ready}'),
      ([ready]) => ready === '2/3',
    );
    const { text } = await page(controller.port, '/metrics');
    expect(text).include(`database_up{namespace="${NAMESPACE}",name="git"} 1`);
  });

  it('touches no rendered object of a Database that Git applies, but for the notes on its claims', async () => {
    const path = 'jsonpath={.items[*].metadata.managedFields[*].manager}';
    // What Patroni makes is part of no rendering.
    const rendered = ['-l', 'app.kubernetes.io/part-of=git', '--show-managed-fields', '-o', path];
    expect((await lines('get', RENDERED.replace(',pvc', ''), ...rendered)).join(' ')).not.include('ballast');
    expect((await lines('get', 'pvc', ...rendered)).join(' ')).include('ballast');
  });

  it('applies exactly what is rendered where that is asked for', async () => {
    const wanted = direct('orders', { replicas: 3, backup: BACKUP });
    await apply(wanted);
    const names = namesOf(render(familyOf(wanted), NO_SETTINGS).slice(1));
    await until(
      () => owned('orders', RENDERED),
      (found) => found.length === names.length,
    );
    expect(await owned('orders', RENDERED)).eql(names);
    expect(await owned('orders', 'secret')).eql(secretsOf('orders'));
  });

  it('reverts changes of others, in any kind of object', async () => {
    await run('delete', 'service', 'orders-primary');
    await run('label', 'pdb', 'orders', 'app.kubernetes.io/name=other', '--overwrite');
    await run(
      'patch',
      'configmap',
      'orders-settings',
      '--type=merge',
      '-p',
      '{"data":{"pg_hba.conf":"host all all all trust"}}',
    );
    await run('patch', 'statefulset', 'orders', '--type=merge', '-p', '{"spec":{"replicas":9}}');
    const seen = async (): Promise<string> =>
      [
        ...(await lines('get', 'service', 'orders-primary', '-o', 'name')),
        ...(await lines('get', 'pdb', 'orders', '-o', 'jsonpath={.metadata.labels.app\\.kubernetes\\.io/name}')),
        ...(await lines('get', 'statefulset', 'orders', '-o', 'jsonpath={.spec.replicas}')),
        String((await lines('get', 'configmap', 'orders-settings', '-o', 'yaml')).join('').includes('trust')),
      ].join(' ');
    await until(seen, (text) => text === 'service/orders-primary postgresql 3 false');
  });

  it('removes what is rendered no more, and never a claim', async () => {
    await apply(direct('orders', { replicas: 2, backup: { ...BACKUP, enabled: false } }));
    await until(
      () => owned('orders', 'cronjob'),
      (found) => found.length === 0,
    );
    const claims = ['persistentvolumeclaim/data-orders-0', 'persistentvolumeclaim/data-orders-1'];
    expect(await owned('orders', 'pvc')).eql([...claims, 'persistentvolumeclaim/data-orders-2']);
  });

  it('keeps data and credentials of a Database that is deleted, and takes the rest', async () => {
    await run('delete', 'db', 'orders', '--wait=false');
    await until(
      async () => {
        await letGo(plane!.admin, NAMESPACE);
        return lines('get', 'db', 'orders', '--ignore-not-found', '-o', 'name');
      },
      (found) => found.length === 0,
    );
    expect(await owned('orders', RENDERED)).eql(
      [0, 1, 2].map((ordinal) => `persistentvolumeclaim/data-orders-${ordinal}`),
    );
    expect(await owned('orders', 'secret')).eql(secretsOf('orders'));
  });

  it('does nothing on the volumes that another Database left, until it may take them over', async () => {
    await apply(direct('orders', { replicas: 3 }));
    const stalled = await until(
      () => condition('orders', 'Stalled'),
      (text) => text.startsWith('True'),
    );
    expect(stalled).include('spec.bootstrap.adopt');
    expect(await owned('orders', 'statefulset')).eql([]);
    await apply(direct('orders', { replicas: 3, bootstrap: { adopt: true }, deletionPolicy: 'Delete' }));
    await until(
      () => owned('orders', 'statefulset'),
      (found) => found.length === 1,
    );
  });

  it('takes everything with it once that is confirmed, and not before', async () => {
    await run('delete', 'db', 'orders', '--wait=false');
    const held = await until(
      () => condition('orders', 'Stalled'),
      (text) => text.startsWith('True'),
    );
    expect(held).include('confirm-delete');
    await run('annotate', 'db', 'orders', 'db.example.com/confirm-delete=orders');
    await until(
      async () => {
        await letGo(plane!.admin, NAMESPACE);
        return lines('get', 'db', 'orders', '--ignore-not-found', '-o', 'name');
      },
      (found) => found.length === 0,
    );
    expect(await owned('orders', `${RENDERED},secret`)).eql([]);
  });

  it('keeps a namespace with a protected Database from being deleted', async () => {
    await apply(database('safe', { deletionPolicy: 'Protect' }));
    await until(
      () => lines('get', 'namespace', NAMESPACE, '-o', 'jsonpath={.metadata.labels.db\\.example\\.com/protected}'),
      ([label]) => label === 'true',
    );
    const refused = await until(
      () => run('delete', 'namespace', NAMESPACE, '--dry-run=server'),
      ({ code }) => code !== 0,
    );
    expect(refused.stderr).include('holds a Database with deletionPolicy Protect');
    await run('delete', 'db', 'safe', '--wait=false');
    expect(
      await until(
        () => condition('safe', 'Stalled'),
        (text) => text.startsWith('True'),
      ),
    ).include('Protect');
    await apply(database('safe', { deletionPolicy: 'Retain' }));
    const label = ['-o', 'jsonpath={.metadata.labels}'];
    await until(
      () => lines('get', 'namespace', NAMESPACE, ...label),
      ([labels = '']) => labels.includes('"db.example.com/protected":"data"'),
    );
    const kept = await run('delete', 'namespace', NAMESPACE, '--dry-run=server');
    expect(kept.stderr).include('confirm it first: kubectl annotate namespace');
    await run('annotate', 'namespace', NAMESPACE, `db.example.com/confirm-delete=${NAMESPACE}`);
    expect((await run('delete', 'namespace', NAMESPACE, '--dry-run=server')).code).equal(0);
    await run('annotate', 'namespace', NAMESPACE, 'db.example.com/confirm-delete-');
  });

  it('hands over to another replica', async () => {
    const other = await startController(plane!);
    expect(await controller.end()).equal(0);
    controller = other;
    await apply(database('later'));
    await until(
      () => lines('get', 'db', 'later', '-o', 'jsonpath={.status.phase}'),
      ([phase]) => phase === 'Pending',
    );
    expect((await page(other.port, '/metrics')).text).include('ballast_leader 1');
  });

  it('has no right that it does not need', async () => {
    const may = async (namespace: string, what: string): Promise<string> => {
      const [verb = '', resource = '', subresource] = what.split(' ');
      const part = subresource === undefined ? [] : [`--subresource=${subresource}`];
      const asked = await controller.account.run(['auth', 'can-i', verb, resource, ...part, '--namespace', namespace]);
      return asked.stdout.trim();
    };
    for (const what of [
      'create secrets',
      'get secrets/git-app',
      'list pods',
      'patch databases.db.example.com status',
    ]) {
      expect(await may(NAMESPACE, what), what).equal('yes');
    }
    for (const what of [
      ...['list secrets', 'watch secrets', 'get secrets/other', 'get secrets/unknown-app', 'delete secrets/other'],
      ...['create pods exec', 'create pods', 'get pods log', 'create namespaces', 'delete namespaces', 'list nodes'],
      ...[
        'patch clusterroles',
        'create clusterrolebindings',
        'impersonate users',
        'patch databases.db.example.com scale',
      ],
    ]) {
      expect(await may(NAMESPACE, what), what).equal('no');
    }
    expect(await may(SYSTEM, 'get secrets/ballast-webhook-certificate')).equal('no');
  });

  it('may change nothing of a namespace but one label', async () => {
    const asController = new Api(controller.account);
    const path = `/api/v1/namespaces/${NAMESPACE}?dryRun=All`;
    const change = (metadata: object): Promise<Reply> =>
      asController.send('PATCH', path, { metadata }, 'application/merge-patch+json');
    expect((await change({ labels: { 'db.example.com/protected': 'true' } })).code).equal(200);
    const refused = await change({ labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } });
    expect(refused.message).include('the controller may change the label db.example.com/protected only');
    const other = await change({ annotations: { 'example.com/other': 'yes' } });
    expect(other.message).include('the controller may change nothing but a label');
    asController.close();
  });

  it('may give no right but those of a Database', async () => {
    const role = (name: string, rules: object[], labels: object = { 'db.example.com/database': 'git' }): Promise<Ran> =>
      controller.account.run(
        ['apply', '--server-side', '--dry-run=server', '--force-conflicts', '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', rules },
          metadata: { name, namespace: NAMESPACE, labels },
        }),
      );
    const secrets = (names: string[]): object => ({
      ...{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
      ...(names.length > 0 && { resourceNames: names }),
    });
    expect((await role('git-controller', [secrets(['git-app'])])).code).equal(0);
    for (const refused of [
      role('git-controller', [secrets([])]),
      role('git-controller', [secrets(['other'])]),
      role('git-members', [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }]),
      role('git-members', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
      role('admin', [secrets(['git-app'])]),
      role('git-controller', [secrets(['git-app'])], {}),
    ]) {
      expect((await refused).stderr).match(/the controller may (make|give)/);
    }
  });
});
