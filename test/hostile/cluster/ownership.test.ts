import { expect } from 'chai';
import { Api } from '../../cluster/api.ts';
import { makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import type { RunningController } from '../../cluster/controller.ts';
import { installController, removeController, startController, until } from '../../cluster/controller.ts';
import { completeOrSkip } from '../../complete.ts';
import type { Ran } from '../../../lab/api-server/kubectl.ts';
import { sampleOf } from '../../controller/scenarios/sample.ts';
import { letGo } from '../../cluster/stand-ins.ts';

const NAMESPACE = 'owners';
const BALLASTS = { 'app.kubernetes.io/managed-by': 'ballast' };

type Manifest = Readonly<Record<string, unknown>> & { readonly kind: string };

/** One object of the application `legacy`, which was there first. */
function of(apiVersion: string, kind: string, name: string, rest: object): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...rest };
}

/** The same with labels. */
function labelledWith(labels: object, { metadata, ...object }: Manifest): Manifest {
  return { ...object, kind: object.kind, metadata: { ...(metadata as object), labels } };
}

const RBAC = 'rbac.authorization.k8s.io';
const POD = { metadata: { labels: { app: 'legacy' } }, spec: { containers: [{ name: 'c', image: 'c' }] } };
const JOB = { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] } } } };
const SELECTOR = { matchLabels: { app: 'legacy' } };
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

/** Of every kind that a Database may become, one whose name a Database `legacy` would use. */
const FOREIGN: readonly Manifest[] = [
  of('v1', 'ServiceAccount', 'ballast-member-legacy', { automountServiceAccountToken: false }),
  of('v1', 'Service', 'legacy-primary', { spec: { selector: { app: 'legacy' }, ports: [{ port: 5432 }] } }),
  of('v1', 'ConfigMap', 'legacy-settings', { data: { 'app.conf': 'mine', 'postgresql.conf': 'also mine' } }),
  of(`${RBAC}/v1`, 'Role', 'legacy-controller', {
    rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'update'] }],
  }),
  of(`${RBAC}/v1`, 'RoleBinding', 'legacy-members', {
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'legacy-controller' },
    subjects: [{ kind: 'ServiceAccount', name: 'legacy', namespace: NAMESPACE }],
  }),
  of('networking.k8s.io/v1', 'NetworkPolicy', 'legacy-network', {
    spec: { podSelector: SELECTOR, policyTypes: ['Ingress'] },
  }),
  of('policy/v1', 'PodDisruptionBudget', 'legacy', { spec: { minAvailable: 1, selector: SELECTOR } }),
  of('v1', 'PersistentVolumeClaim', 'data-legacy-0', { spec: CLAIM }),
  of('apps/v1', 'StatefulSet', 'legacy', {
    spec: { serviceName: 'legacy', selector: SELECTOR, template: POD, replicas: 0 },
  }),
  of('apps/v1', 'Deployment', 'legacy-backup', { spec: { selector: SELECTOR, template: POD, replicas: 0 } }),
  of('batch/v1', 'CronJob', 'legacy-backup', { spec: { schedule: '0 1 * * *', jobTemplate: JOB } }),
  of('v1', 'Secret', 'legacy-app', { stringData: { username: 'app', password: 'not of ballast 123456' } }),
  of('v1', 'Secret', 'legacy-tls', { stringData: { 'tls.crt': 'of cert-manager', 'tls.key': 'of cert-manager' } }),
];

/** A Database in direct mode whose deletion takes all of it, as was confirmed. */
function database(name: string): Manifest {
  const annotations = { 'db.example.com/apply': 'true', 'db.example.com/confirm-delete': name };
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: NAMESPACE, annotations },
    spec: {
      ...{ version: '17', storage: { size: '10Gi' }, deletionPolicy: 'Delete' },
      backup: { enabled: true, destination: 'pvc://' },
    },
  };
}

const nameOf = ({ metadata }: Manifest): string => (metadata as { readonly name: string }).name;
const targetOf = (object: Manifest): string => `${object.kind.toLowerCase()}/${nameOf(object)}`;

describe('Another application’s object under a name of a Database', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  let controller: RunningController;

  const run = (...args: string[]): Promise<Ran> => plane!.admin.run([...args, '--namespace', NAMESPACE]);
  const output = async (...args: string[]): Promise<string> => (await run(...args)).stdout.trim();

  /** Identity of an object, and all of its fields that a user may set. */
  async function asItIs(object: Manifest): Promise<unknown> {
    const read = JSON.parse(await output('get', targetOf(object), '-o', 'json')) as Record<string, object>;
    return { ...read, metadata: { ...read['metadata'], resourceVersion: undefined }, status: undefined };
  }

  const allAsTheyAre = (objects: readonly Manifest[]): Promise<unknown[]> => Promise.all(objects.map(asItIs));

  async function make(...objects: readonly Manifest[]): Promise<void> {
    const { code, stderr } = await plane!.admin.apply([...objects], ['--server-side', '--field-manager=helm']);
    expect(code, stderr).equal(0);
  }

  /** Waits until `Stalled` says this. */
  async function stalls(name: string, text: string): Promise<string> {
    const path = 'jsonpath={.status.conditions[?(@.type=="Stalled")].message}';
    return until(
      () => output('get', 'db', name, '-o', path),
      (message) => message.includes(text),
    );
  }

  async function getsWorkload(name: string): Promise<void> {
    await until(
      () => output('get', 'statefulset', name, '--ignore-not-found', '-o', 'name'),
      (found) => found !== '',
      90_000,
    );
  }

  async function remove(name: string): Promise<void> {
    await run('delete', 'db', name, '--wait=false');
    await until(
      async () => {
        await letGo(plane!.admin, NAMESPACE);
        return output('get', 'db', name, '--ignore-not-found', '-o', 'name');
      },
      (found) => found === '',
    );
  }

  const labelled = (name: string, kinds: string): Promise<string> =>
    output('get', kinds, '-l', `db.example.com/database=${name}`, '-o', 'name');

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

  it('is named in the status, and nothing is made beside it', async () => {
    await make(...FOREIGN);
    const before = await allAsTheyAre(FOREIGN);
    await make(database('legacy'));
    const message = await stalls('legacy', 'stand under names of this Database');
    expect(message).include('(of helm)').and.include('choose another name');
    expect(await labelled('legacy', 'all,cm,role,rolebinding,sa,secret,pvc,pdb,networkpolicy')).equal('');
    await remove('legacy');
    expect(await allAsTheyAre(FOREIGN)).eql(before);
  });

  const kept = FOREIGN.filter(({ kind }) => kind !== 'Secret');
  for (const foreign of sampleOf(kept, 3, 7)) {
    it(`stays as it is, and is named, where it is but ${targetOf(foreign)}`, async () => {
      const name = `but-${FOREIGN.indexOf(foreign)}`;
      const only = JSON.parse(JSON.stringify(foreign).replaceAll('legacy', name)) as Manifest;
      await make(only);
      const before = await asItIs(only);
      await make(database(name));
      await stalls(name, `${only.kind} ${nameOf(only)} (of helm)`);
      await remove(name);
      expect(await asItIs(only)).eql(before);
    });
  }

  it('is used and never deleted where it is a Secret', async () => {
    const brought = of('v1', 'Secret', 'brought-app', { stringData: { username: 'app', password: 'mine 1234567890' } });
    await make(brought);
    const before = await asItIs(brought);
    await make(database('brought'));
    await until(
      () => labelled('brought', 'secret'),
      (names) => names.split('\n').length === 4,
    );
    await remove('brought');
    expect(await labelled('brought', 'secret')).equal('');
    expect(await asItIs(brought)).eql(before);
  });

  it('stays when it carries the labels of the Database, and another name or kind', async () => {
    const labels = { 'db.example.com/database': 'labels', ...BALLASTS };
    const objects = [
      of('batch/v1', 'CronJob', 'nightly-report', { spec: { schedule: '0 1 * * *', jobTemplate: JOB } }),
      of('v1', 'ConfigMap', 'labels-primary', {}),
      of('v1', 'Service', 'labels-settings', { spec: { ports: [{ port: 1 }] } }),
    ].map((object) => labelledWith(labels, object));
    await make(...objects, database('labels'));
    await getsWorkload('labels');
    const before = await allAsTheyAre(objects);
    await remove('labels');
    expect(await allAsTheyAre(objects)).eql(before);
  });

  it('becomes the Database’s when another tool applied it for that, and the Database says so', async () => {
    const labels = { 'db.example.com/database': 'moved', ...BALLASTS };
    await make(labelledWith(labels, of('v1', 'ConfigMap', 'moved-settings', {})), database('moved'));
    expect(await stalls('moved', 'moved-settings'))
      .include('helm for this Database')
      .and.include('adopt');
    await run('annotate', 'db', 'moved', 'db.example.com/apply=adopt', '--overwrite');
    await getsWorkload('moved');
    const mark = 'jsonpath={.metadata.annotations.db\\.example\\.com/owner}';
    expect(await output('get', 'cm', 'moved-settings', '-o', mark)).equal(
      await output('get', 'db', 'moved', '-o', 'jsonpath={.metadata.uid}'),
    );
    await remove('moved');
  });

  it('is the Database’s when a controller that wrote no marks applied it', async () => {
    const labels = { 'db.example.com/database': 'older', ...BALLASTS };
    const old = labelledWith(labels, of('v1', 'ConfigMap', 'older-settings', { data: { a: 'b' } }));
    const { code } = await plane!.admin.apply([old], ['--server-side', '--field-manager=ballast']);
    expect(code).equal(0);
    await make(database('older'));
    await getsWorkload('older');
    await remove('older');
    expect(await output('get', 'cm', 'older-settings', '--ignore-not-found', '-o', 'name')).equal('');
  });

  it('leaves the name to the Database when it goes', async function () {
    // The controller looks again after a minute.
    completeOrSkip(this, 'test:hostile');
    await make(of('v1', 'ConfigMap', 'freed-settings', { data: { a: 'b' } }), database('freed'));
    await stalls('freed', 'freed-settings');
    await run('delete', 'cm', 'freed-settings');
    await getsWorkload('freed');
    await remove('freed');
  });
});
