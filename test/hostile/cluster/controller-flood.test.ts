import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_VERSION } from '../../../database/schema/common.ts';
import { isComplete } from '../../complete.ts';
import { Api } from '../../cluster/api.ts';
import { makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { installController, page, removeController, until } from '../../cluster/controller.ts';
import { serveMembers } from '../../cluster/stand-ins.ts';
import { whyNoMemoryLimit } from '../memory-limit.ts';
import { flood } from './flood.ts';
import type { LimitedController } from './limited-controller.ts';
import { LIMIT_BYTES, buildProgram, startLimited } from './limited-controller.ts';

const OBJECTS = isComplete ? 5000 : 300;
const TENANT = 'tenant';
const HONEST = 'honest';
/** A status is written within a second on an idle computer; the API server of the tests shares its processors. */
const PROMPT_MS = 60_000;
const ASKED = isComplete ? 20 : 5;

const databases = (namespace: string): string => `/apis/db.example.com/v1alpha1/namespaces/${namespace}/databases`;

function database(name: string, annotations: object = {}): object {
  const spec = { engine: 'postgresql', version: '17', storage: { size: '1Gi' } };
  return { apiVersion: API_VERSION, kind: 'Database', metadata: { name, annotations }, spec };
}

describe('The controller in the memory of its Deployment, while one tenant does his worst', function () {
  this.timeout(1_200_000);
  let plane: ControlPlane | undefined;
  let api: Api;
  /** Asks as a person with all rights in one namespace; the admin would be served before everybody else. */
  let tenant: Api;
  let controller: LimitedController | undefined;
  const times: number[] = [];

  before(async function () {
    const why = whyNoMemoryLimit();
    if (why !== undefined) {
      console.warn(`skipped: ${why}`);
      this.skip();
    }
    plane = await controlPlaneOrSkip(this);
    buildProgram();
    api = new Api(plane.admin);
    await installController(plane, 'controller');
    for (const namespace of [TENANT, HONEST]) await makeNamespace(api, namespace);
    await plane.admin.succeed(['create', 'serviceaccount', 'owner', '-n', TENANT]);
    const binding = ['create', 'rolebinding', 'owner', '-n', TENANT, '--clusterrole=cluster-admin'];
    await plane.admin.succeed([...binding, `--serviceaccount=${TENANT}:owner`]);
    tenant = new Api(await plane.admin.as(TENANT, 'owner'));
    controller = await startLimited(plane);
  });

  after(async () => {
    if (!plane) return;
    if (process.env['SHOW_LOG']) console.log(controller?.log());
    await controller?.end();
    for (const namespace of [TENANT, HONEST]) {
      await api.send('DELETE', `/api/v1/namespaces/${namespace}`);
    }
    await removeController(plane, 'controller');
    for (const one of [api, tenant]) one.close();
  });

  async function isAlive(): Promise<void> {
    const { child, log, wasKilled } = controller!;
    const state = { exitCode: child.exitCode, signal: child.signalCode, killed: wasKilled() };
    expect(state, log().slice(-2000)).eql({ exitCode: null, signal: null, killed: false });
    expect(await page(controller!.port, '/healthz')).eql({ code: 200, text: 'ok\n' });
  }

  /** Creates a Database and returns the time until its status is written. */
  async function toldWithin(namespace: string, name: string): Promise<number> {
    const started = performance.now();
    expect((await api.send('POST', databases(namespace), database(name))).code).equal(201);
    await until(
      async () => (await api.send('GET', `${databases(namespace)}/${name}`)).body['status'],
      (status) => (status as { phase?: string } | undefined)?.phase !== undefined,
      PROMPT_MS,
    ).catch(async (error: unknown) => {
      const { text } = await page(controller!.port, '/metrics');
      const figures = text.split('\n').filter((line) => /^ballast_(queue|watch|kept|leader)/.test(line));
      throw new Error([String(error), ...figures, controller!.log().slice(-3000)].join('\n'));
    });
    return performance.now() - started;
  }

  const path = (name: string): string => `/api/v1/namespaces/${TENANT}/configmaps/${name}`;
  const conditionsOf = async (name: string): Promise<Record<string, string>> => {
    const { body } = await api.send('GET', `${databases(TENANT)}/${name}`);
    const { conditions = [] } = (body['status'] ?? {}) as { conditions?: Record<string, string>[] };
    return Object.fromEntries(conditions.map(({ type, status, message }) => [type, `${status}: ${message}`])) as Record<
      string,
      string
    >;
  };

  it('makes the Secrets of a Database of his, and talks to whom it takes for its primary', async () => {
    const made = await api.send('POST', databases(TENANT), database('billing', { 'db.example.com/apply': 'true' }));
    expect(made.code).equal(201);
    await until(
      async () => (await api.send('GET', `/api/v1/namespaces/${TENANT}/secrets/billing-tls`)).code,
      (code) => code === 200,
    );
    await serveMembers(plane!.admin, TENANT, 'billing', 1);
    await until(
      () => conditionsOf('billing'),
      ({ Reconciling = '' }) => Reconciling.includes('billing-0.billing-pods.tenant.svc'),
    );
  });

  it('survives a NUL in the annotation `leader`, also when it starts with it', async () => {
    const fakes = ['billing-0\u0000', 'evil', 'billing-0\u0000.evil.example', 'a'.repeat(100_000), '::1', '../..'];
    for (const leader of fakes) {
      const body = { metadata: { annotations: { leader, transitions: '8' } } };
      const { code } = await api.send('PATCH', path('billing-leader'), body, 'application/merge-patch+json');
      expect(code).equal(200);
      await sleep(500);
      await isAlive();
    }
    const body = { metadata: { annotations: { leader: 'billing-0\u0000' } } };
    await api.send('PATCH', path('billing-leader'), body, 'application/merge-patch+json');
    await controller!.stop();
    controller = await startLimited(plane!);
    await until(
      () => conditionsOf('billing'),
      ({ Ready = '' }) => Ready.startsWith('False'),
    );
    // Longer than the SQL client waits for a connection.
    await sleep(7000);
    await isAlive();
  });

  it(`lives through ${OBJECTS} hostile objects, and looks after others meanwhile`, async () => {
    const flooding = flood(tenant, TENANT, OBJECTS);
    const state = { isOver: false };
    const over = (): void => void (state.isOver = true);
    flooding.then(over, over);
    for (let number = 0; number < ASKED && !state.isOver; number += 1) {
      times.push(await toldWithin(HONEST, `during-${number}`));
      await isAlive();
      await sleep(1000);
    }
    expect(await flooding).least(OBJECTS);
    await isAlive();
    for (let number = 0; number < ASKED; number += 1) times.push(await toldWithin(HONEST, `after-${number}`));
  });

  it('is ready again when it starts with all of them there', async () => {
    await controller!.stop();
    controller = await startLimited(plane!);
    for (let number = 0; number < ASKED; number += 1) times.push(await toldWithin(HONEST, `again-${number}`));
    await isAlive();
    const { text } = await page(controller.port, '/metrics');
    expect(Number(/^ballast_kept_bytes (\d+)/m.exec(text)?.[1])).below(LIMIT_BYTES / 10);
    expect(/^ballast_stray_errors_total (\d+)/m.exec(text)?.[1] ?? '0').equal('0');
    const sorted = times.sort((a, b) => a - b);
    const [median, last] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(
      `      ${times.length} honest Databases: status after ${median?.toFixed(0)} ms (median), ${last?.toFixed(0)} ms (last); peak ${(controller.peakBytes() / 2 ** 20).toFixed(0)} of ${LIMIT_BYTES / 2 ** 20} MiB`,
    );
  });

  it('tells the owner of a Database which parts were too large to store', async () => {
    const told = await until(
      () => conditionsOf('flood-0'),
      ({ Trimmed }) => Trimmed !== undefined,
    );
    expect(told['Trimmed']).match(/^True: .*annotations of the Database/);
  });
});
