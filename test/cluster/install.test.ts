import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../cli/run.ts';
import { Api } from './api.ts';
import type { Backend } from './balancer.ts';
import { Balancer, isReady } from './balancer.ts';
import { makeNamespace, tryCreate } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';
import { freePort } from '../../lab/processes/process.ts';

const NAMESPACE = 'install';
const SYSTEM = 'ballast-system';
const START_MS = 60_000;

interface Replica extends Backend {
  readonly process: ChildProcess;
}

function database(name: string, spec: object = {}): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: NAMESPACE },
    spec: { version: '17', storage: { size: '10Gi' }, ...spec },
  };
}

describe('The webhook as kustomize installs it', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let account: Kubectl;
  let api: Api;
  const balancer = new Balancer();
  const replicas = new Set<Replica>();

  /** Runs the webhook as its Deployment does: the same words, and the rights of its own service account only. */
  async function startReplica(): Promise<Replica> {
    const [port, healthPort] = [await freePort(), await freePort()];
    const where = ['--host', '127.0.0.1', '--port', String(port), '--metrics-address', `127.0.0.1:${healthPort}`];
    const args = ['webhook', ...where, '--also-for', '127.0.0.1', '--drain', '2'];
    const env = { ...process.env, KUBECONFIG: account.config, POD_NAMESPACE: SYSTEM };
    const child = spawn(process.execPath, [join(ROOT, 'cli/main.ts'), ...args, '--log-level', 'warn'], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const replica = { port, healthPort, process: child };
    replicas.add(replica);
    const end = performance.now() + START_MS;
    while (!(await isReady(healthPort))) {
      if (child.exitCode !== null || performance.now() > end) throw new Error('the webhook did not start');
      await sleep(100);
    }
    await balancer.add(replica);
    return replica;
  }

  async function endReplica(replica: Replica): Promise<void> {
    const exited = once(replica.process, 'exit');
    replica.process.kill('SIGTERM');
    const [code] = (await exited) as [number | null];
    balancer.remove(replica);
    replicas.delete(replica);
    expect(code).to.equal(0);
  }

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    const rendered = await plane.admin.succeed(['kustomize', join(ROOT, 'kustomize/overlays/self-signed')]);
    await plane.admin.succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], rendered);
    await plane.admin.succeed(['wait', '--for=condition=Established', 'crd/databases.db.example.com']);
    await makeNamespace(api, NAMESPACE);
    account = await plane.admin.as(SYSTEM, 'ballast-webhook');
    const port = await balancer.start();
    // Services are not routed here, so the API server gets the balancer's address instead.
    for (const [kind, path] of [
      ['validatingwebhookconfiguration', '/validate'],
      ['mutatingwebhookconfiguration', '/mutate'],
    ]) {
      const steps = [
        { op: 'remove', path: '/webhooks/0/clientConfig/service' },
        { op: 'add', path: '/webhooks/0/clientConfig/url', value: `https://127.0.0.1:${port}${path ?? ''}` },
      ];
      await plane.admin.succeed(['patch', kind ?? '', 'ballast', '--type=json', '-p', JSON.stringify(steps)]);
    }
    await Promise.all([startReplica(), startReplica()]);
  });

  after(async () => {
    for (const replica of replicas) replica.process.kill('SIGKILL');
    balancer.stop();
    const kinds = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
    await plane?.admin.succeed(['delete', kinds, 'ballast', '--ignore-not-found']);
    if (plane) api.close();
  });

  it('refuses and defaults, with a certificate that it made under its own account', async () => {
    const bad = await plane!.admin.apply([database('bad', { parameters: { port: '1' } })]);
    expect(bad.stderr).to.include('(parameters-owned)');
    const good = await plane!.admin.apply([database('good')]);
    expect(good).to.include({ code: 0, stdout: 'database.db.example.com/good created\n' });
  });

  it('has no other right than these', async () => {
    const may = async (...what: string[]): Promise<string> =>
      (await account.run(['auth', 'can-i', ...what, '--namespace', SYSTEM])).stdout.trim();
    expect(await may('get', 'secrets/ballast-webhook-certificate')).to.equal('yes');
    expect(await may('patch', 'secrets/ballast-webhook-certificate')).to.equal('yes');
    expect(await may('patch', 'validatingwebhookconfigurations/ballast')).to.equal('yes');
    for (const what of [
      ['list', 'secrets'],
      ['create', 'secrets'],
      ['get', 'secrets/other'],
      ['patch', 'validatingwebhookconfigurations/other'],
      ['list', 'databases.db.example.com'],
      ['create', 'pods'],
    ]) {
      expect(await may(...what), what.join(' ')).to.equal('no');
    }
  });

  it('drops no request while all replicas are replaced, one after the other', async () => {
    let asking = true;
    const answers: number[] = [];
    const asked = Array.from({ length: 4 }, async (_, lane) => {
      for (let index = 0; asking; index += 1) {
        const { code, message } = await tryCreate(api, 'Database', NAMESPACE, database(`r-${lane}-${index}`));
        if (code !== 201) throw new Error(message);
        answers.push(code);
        await sleep(10);
      }
    });
    const roll = async (): Promise<void> => {
      for (const old of [...replicas]) {
        await startReplica();
        await endReplica(old);
      }
      asking = false;
    };
    await Promise.all([roll(), ...asked]);
    expect(answers.length).to.be.greaterThan(100);
  });

  it('is the same with cert-manager, but for the certificate', async () => {
    const [own, other] = await Promise.all(
      ['self-signed', 'cert-manager'].map(async (overlay) => {
        const text = await plane!.admin.succeed(['kustomize', join(ROOT, 'kustomize/overlays', overlay)]);
        return (loadAll(text) as { kind: string; metadata: { name: string } }[]).map(
          ({ kind, metadata }) => `${kind} ${metadata.name}`,
        );
      }),
    );
    const only = (a: string[] = [], b: string[] = []): string[] => a.filter((one) => !b.includes(one)).sort();
    expect(only(other, own)).to.deep.equal(['Certificate ballast-webhook', 'Issuer ballast-webhook']);
    expect(only(own, other)).to.deep.equal([
      'ClusterRole ballast-webhook',
      'ClusterRoleBinding ballast-webhook',
      'NetworkPolicy ballast-webhook-certificate',
      'Role ballast-webhook',
      'RoleBinding ballast-webhook',
      'Secret ballast-webhook-certificate',
    ]);
  });
});
