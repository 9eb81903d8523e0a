import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../cli/run.ts';
import { Api } from '../../cluster/api.ts';
import { makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { startController, until } from '../../cluster/controller.ts';
import { installKinds } from '../../cluster/ballast.ts';
import { makeOwnFolder } from '../../../lab/processes/own-folder.ts';
import { freePort } from '../../../lab/processes/process.ts';
import { at } from './installation/attempts.ts';
import { ofKind } from './installation/shape.ts';
import type { Built, Variant } from './installation/variants.ts';
import { buildVariant } from './installation/variants.ts';

const DIRECT: Variant = { reach: 'cluster', direct: true, namespace: 'elsewhere', prefix: 'acme-' };
const ACCOUNT = { namespace: 'elsewhere', name: 'acme-ballast-controller' };
const NAMESPACE = 'started';
const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

function database(name: string): object {
  return {
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'Database' },
    metadata: { name, namespace: NAMESPACE, annotations: { 'db.example.com/apply': 'true' } },
    spec: { version: '17', storage: { size: '10Gi' } },
  };
}

describe('The controller under another name and in another namespace', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  let folder = '';
  let settings = '';
  let built: readonly Built[];

  async function install(variant: Variant): Promise<void> {
    built = await buildVariant(plane!, variant);
    await plane!.admin.succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], list(built));
  }

  const uninstall = (): Promise<string> =>
    plane!.admin.succeed(['delete', '--ignore-not-found', '-f', '-'], list(built));

  /** Starts it in a forbidden way; returns its message and its exit code. */
  async function refusal(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
    const { config } = await plane!.admin.as(ACCOUNT.namespace, ACCOUNT.name);
    const words = ['controller', '--metrics-address', `127.0.0.1:${await freePort()}`, ...args];
    const child = spawn(process.execPath, [join(ROOT, 'cli/main.ts'), ...words], {
      env: { ...process.env, KUBECONFIG: config, POD_NAMESPACE: ACCOUNT.namespace },
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    // A process that logs into an unread pipe does not end.
    child.stdout.resume();
    const limit = setTimeout(() => child.kill('SIGTERM'), 60_000);
    const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
    clearTimeout(limit);
    return { code, said };
  }

  /** The same once it is refused: the API server goes on holding to a policy or a right for a moment. */
  const lastingRefusal = (): ReturnType<typeof refusal> =>
    until(
      () => refusal('--settings', settings),
      ({ code }) => code !== 0,
      200_000,
    );

  const found = async (path: string): Promise<Record<string, unknown>> => (await api.send('GET', path)).body;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    for (const name of [ACCOUNT.namespace, NAMESPACE]) await makeNamespace(api, name);
    folder = makeOwnFolder('starting');
    settings = join(folder, 'ballast.yaml');
    writeFileSync(
      settings,
      JSON.stringify({ controller: { namespace: ACCOUNT.namespace, serviceAccount: ACCOUNT.name } }),
    );
    await install(DIRECT);
  });

  after(async () => {
    if (!plane) return;
    rmSync(folder, { recursive: true, force: true });
    await uninstall();
    api.close();
  });

  it('ends when its settings name another account, and says what to write', async () => {
    const { code, said } = await refusal();
    expect(code).equal(2);
    expect(said).include('runs as the service account acme-ballast-controller in elsewhere');
    expect(said).include('its settings name ballast-controller in ballast-system');
    expect(said).include(
      'set controller: {namespace: elsewhere, serviceAccount: acme-ballast-controller} in ballast.yaml',
    );
    expect(said.split('\n').filter((line) => line !== '')).length(1);
  });

  it('does all its work when they name its own', async () => {
    const running = await startController(plane!, ['--settings', settings], ACCOUNT);
    await plane!.admin.apply([database('orders')]);
    const secret = `/api/v1/namespaces/${NAMESPACE}/secrets/orders-tls`;
    await until(
      async () => [await found(at('statefulsets', 'orders', NAMESPACE)), await found(secret)].map(({ kind }) => kind),
      (kinds) => kinds.join() === 'StatefulSet,Secret',
    );
    const binding = await found(at('rolebindings', 'orders-controller', NAMESPACE));
    expect(binding['subjects']).eql([{ kind: 'ServiceAccount', ...ACCOUNT }]);
    expect(await running.end()).equal(0);
  });

  it('ends when the policy about Roles is bound no more', async () => {
    const bindings = ofKind(built, 'ValidatingAdmissionPolicyBinding');
    const [roles] = bindings.filter(({ metadata }) => metadata.name.endsWith('-roles'));
    await plane!.admin.succeed(['delete', roles!.kind, roles!.metadata.name]);
    const { code, said } = await lastingRefusal();
    expect(code).equal(2);
    expect(said).include('the controller may give itself every right in elsewhere');
    await install(DIRECT);
  });

  it('ends when its ClusterRole carries the right no more by which the policies hold', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/acme-ballast-controller';
    const steps = [{ op: 'remove', path: '/rules/0' }];
    for (const name of [path, `${path}-cluster`]) {
      expect((await api.send('PATCH', name, steps, 'application/json-patch+json')).code).equal(200);
    }
    const { code, said } = await lastingRefusal();
    expect([code, said.includes('and the right act-within in its ClusterRoles')]).eql([2, true]);
    await install(DIRECT);
  });

  it('tells a Database that asks to be applied that this is not allowed, and applies nothing', async () => {
    await uninstall();
    await install({ ...DIRECT, direct: false });
    const running = await startController(plane!, ['--settings', settings], ACCOUNT);
    await plane!.admin.apply([database('asks')]);
    const stalled = await until(
      async () => {
        const { status } = (await found(at('databases', 'asks', NAMESPACE))) as { status?: { conditions?: object[] } };
        return (status?.conditions ?? []).find((one) => (one as { type: string }).type === 'Stalled');
      },
      (condition) => (condition as { status?: string } | undefined)?.status === 'True',
    );
    expect(stalled).include({ reason: 'ApplyNotAllowed' });
    expect((stalled as { message: string }).message).include('--apply-allowed');
    const events = ['get', 'events.events.k8s.io', '-n', NAMESPACE, '-o', 'jsonpath={.items[*].reason}'];
    await until(
      () => plane!.admin.succeed(events),
      (reasons) => reasons.includes('ApplyNotAllowed'),
    );
    for (const kind of ['statefulsets', 'roles', 'services']) {
      const { items } = (await found(at(kind, '', NAMESPACE))) as { items: { metadata: { name: string } }[] };
      expect(items.filter(({ metadata }) => metadata.name.startsWith('asks'))).eql([]);
    }
    expect(await running.end()).equal(0);
  });
});
