import { expect } from 'chai';
import { DATA_POLICIES } from '../../installation/admission/policies.ts';
import { protectedNamespaces } from '../../installation/admission/namespaces.ts';
import { admission, withExpressionsOnOneLine } from '../../installation/admission/policy.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { until } from './controller.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';

const NAMESPACE = 'guarded';
const LABELS = { 'db.example.com/database': 'orders' };
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const CONFIRM = 'db.example.com/confirm-delete';
const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'verify', uid: '8e1a5cf0-0000-4000-8000-000000000000' };

interface Listed {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}

const claim = (name: string, metadata: object = {}): object => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: CLAIM },
  metadata: { name, namespace: NAMESPACE, labels: LABELS, ...metadata },
});
const secret = (name: string, metadata: object = {}, type = 'Opaque', data: object = {}): object => ({
  ...{ apiVersion: 'v1', kind: 'Secret', type, data },
  metadata: { name, namespace: NAMESPACE, labels: LABELS, ...metadata },
});

/** Objects, and how their deletion is refused; `undefined` when it is not. */
const CASES: readonly { readonly name: string; readonly object: object; readonly refused?: string }[] = [
  {
    name: 'a claim of a Database',
    object: claim('data-orders-0'),
    refused:
      'data-orders-0 holds data of the Database orders, which no tool deletes unasked: to destroy them for good, confirm it first: kubectl annotate pvc data-orders-0 --namespace=guarded db.example.com/confirm-delete=data-orders-0',
  },
  {
    name: 'a backup volume',
    object: claim('orders-backup'),
    refused: 'orders-backup holds data of the Database orders',
  },
  {
    name: 'a claim that is confirmed under another name',
    object: claim('data-orders-1', { annotations: { [CONFIRM]: 'orders' } }),
    refused: 'data-orders-1 holds data',
  },
  { name: 'a confirmed claim', object: claim('data-orders-2', { annotations: { [CONFIRM]: 'data-orders-2' } }) },
  { name: 'a claim of a pod, which goes with it', object: claim('verify-scratch', { ownerReferences: [OWNER] }) },
  { name: 'a claim of others', object: claim('photos', { labels: {} }) },
  {
    name: 'the passphrase of the backups',
    object: secret('orders-backup-key'),
    refused:
      'orders-backup-key holds credentials of the Database orders, which no tool deletes unasked: to destroy them for good, confirm it first: kubectl annotate secret orders-backup-key --namespace=guarded db.example.com/confirm-delete=orders-backup-key',
  },
  { name: 'passwords', object: secret('orders-app'), refused: 'orders-app holds credentials' },
  { name: 'a confirmed Secret', object: secret('orders-old', { annotations: { [CONFIRM]: 'orders-old' } }) },
  {
    name: 'a certificate, which is made again',
    object: secret('orders-tls', {}, 'kubernetes.io/tls', { 'tls.crt': '', 'tls.key': '' }),
  },
  { name: 'a Secret of others', object: secret('other', { labels: {} }) },
];

describe('What no tool deletes unasked, with neither webhook nor controller', function () {
  this.timeout('2m');
  let plane: ControlPlane | undefined;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    const policies = [...DATA_POLICIES, protectedNamespaces].flatMap(
      (policy) => admission(withExpressionsOnOneLine(policy)).manifests,
    );
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
    const made = await plane.admin.apply([namespace, ...policies], ['--server-side', '--force-conflicts']);
    expect([made.code, made.stderr]).to.deep.equal([0, '']);
    const objects = await plane.admin.apply(
      CASES.map(({ object }) => object),
      ['--server-side'],
    );
    expect(objects.code, objects.stderr).to.equal(0);
    // A policy is in force a moment after it is stored.
    const admin = plane.admin;
    await until(
      () => admin.run(['delete', 'pvc', 'data-orders-0', '--namespace', NAMESPACE, '--dry-run=server']),
      ({ code }) => code !== 0,
    );
  });

  after(async () => {
    await plane?.admin.run([
      ...['delete', 'validatingadmissionpolicies,validatingadmissionpolicybindings'],
      ...['ballast-data', 'ballast-protected-namespaces', '--ignore-not-found'],
    ]);
  });

  for (const { name, object, refused } of CASES) {
    it(`${refused === undefined ? 'lets go' : 'keeps'} ${name}`, async () => {
      const { kind, metadata } = object as { kind: string; metadata: { name: string } };
      const args = ['delete', kind, metadata.name, '--namespace', NAMESPACE, '--wait=false'];
      const { code, stderr } = await plane!.admin.run(args);
      if (refused === undefined) expect([code, stderr]).to.deep.equal([0, '']);
      else expect(stderr).to.contain(refused);
    });
  }

  it('keeps claims of a Database among all that are deleted at once', async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
    const { stderr } = await plane!.admin.run(['delete', '--raw', path]);
    expect(stderr).to.contain('holds data of the Database orders');
    const { items } = JSON.parse(await plane!.admin.succeed(['get', '--raw', path])) as { items: Listed[] };
    const left = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    expect(left.map(({ metadata }) => metadata.name)).to.include.members([
      'data-orders-0',
      'data-orders-1',
      'orders-backup',
    ]);
  });

  for (const [value, confirmed, refused] of [
    ['true', false, 'holds a Database with deletionPolicy Protect'],
    ['true', true, 'holds a Database with deletionPolicy Protect'],
    ['data', false, 'kubectl annotate namespace guarded-2 db.example.com/confirm-delete=guarded-2'],
    ['data', true, undefined],
  ] as const) {
    const what = `${value === 'true' ? 'with a protected Database' : 'with data'}${confirmed ? ', confirmed' : ''}`;
    it(`${refused === undefined ? 'lets go' : 'keeps'} a namespace ${what}`, async () => {
      const metadata = {
        name: 'guarded-2',
        labels: { 'db.example.com/protected': value },
        annotations: confirmed ? { [CONFIRM]: 'guarded-2' } : {},
      };
      await plane!.admin.apply(
        [{ apiVersion: 'v1', kind: 'Namespace', metadata }],
        ['--server-side', '--force-conflicts'],
      );
      const args = ['delete', 'namespace', 'guarded-2', '--wait=false'];
      const { code, stderr } = await plane!.admin.run(args);
      if (refused === undefined) expect([code, stderr]).to.deep.equal([0, '']);
      else expect(stderr).to.contain(refused);
    });
  }
});
