import { expect } from 'chai';
import { modelOf } from '../../../generator/model.ts';
import { dynamicConfiguration } from '../../../generator/postgresql/settings.ts';
import type { Reply } from '../../cluster/api.ts';
import type { Api } from '../../cluster/api.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { NO_SETTINGS } from '../../../database/settings.ts';
import type { Call, Stage } from './member-stage.ts';
import { MERGE, STRATEGIC, at, database, makeStage, send } from './member-stage.ts';
import type { Needed } from './patroni-calls.ts';
import { LABELS, lifeOf } from './patroni-calls.ts';
import { REFUSED } from './refused-calls.ts';

const ORDERS = database('orders');
const CONFIGURATION = JSON.stringify(dynamicConfiguration(modelOf(ORDERS, NO_SETTINGS)));

interface Stored {
  readonly metadata: { readonly resourceVersion: string };
}

const versionOf = ({ body }: Reply): string => (body as unknown as Stored).metadata.resourceVersion;

describe('A token of the member orders-0', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let stage: Stage | undefined;
  let member: Api;

  /** With the version that was seen, where Patroni sends it. */
  async function sent({ seen, ...call }: Needed): Promise<Call> {
    const list = call.path.includes('watch=true') ? call.path.replace(/&watch=.*/, '') : call.path;
    const version =
      seen || list !== call.path ? versionOf(await send(stage!.admin, { method: 'GET', path: list })) : '';
    if (!seen) return { ...call, path: call.path.replace('RV', version) };
    const { metadata } = call.body as { metadata: object };
    return { ...call, body: { metadata: { ...metadata, resourceVersion: version } } };
  }

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    stage = await makeStage(plane, [ORDERS, database('billing')]);
    member = await stage.as('ballast-member-orders', 'orders-0');
    const pod = { spec: { containers: [{ name: 'postgresql', image: 'web' }] } };
    for (const [path, body] of [
      ['serviceaccounts', { metadata: { name: 'default' } }],
      ['secrets', { metadata: { name: 'orders-superuser' } }],
      ['pods', { metadata: { name: 'web' }, ...pod }],
      // A foreign pod with the name of an absent member.
      ['pods', { metadata: { name: 'orders-8', labels: { app: 'web' } }, ...pod }],
      ['configmaps', { metadata: { name: 'web' }, data: { x: 'mine' } }],
      ['configmaps', { metadata: { name: 'billing-config', annotations: { config: CONFIGURATION } } }],
      ['configmaps', { metadata: { name: 'billing-restore' } }],
      ['configmaps', { metadata: { name: 'orders-restore', labels: LABELS } }],
      ['configmaps', { metadata: { name: 'kube-root-ca.crt' } }],
    ] as const) {
      const { code, message } = await send(stage.admin, { method: 'POST', path: at(path), body });
      expect(code, message).oneOf([201, 409]);
    }
  });

  after(() => {
    stage?.end();
  });

  for (const [index, { who }] of lifeOf(CONFIGURATION).entries()) {
    it(`is enough for what Patroni does, ${index + 1}: ${who}`, async () => {
      const call = await sent(lifeOf(CONFIGURATION)[index]!);
      const { code, message } = await send(member, call);
      expect(code, message).oneOf([200, 201]);
    });
  }

  it('overwrites no newer version: a write at an outdated version is a conflict', async () => {
    const body = { metadata: { resourceVersion: '1', annotations: { leader: 'orders-0' } } };
    const call = { method: 'PATCH', path: at('configmaps/orders-leader'), body, type: STRATEGIC };
    expect((await send(member, call)).code).equal(409);
  });

  describe(`is refused (${REFUSED.length} calls)`, () => {
    for (const { what, by, untried = false, ...call } of REFUSED) {
      it(what, async () => {
        // A new one is not there yet, so that nothing but its content speaks against it.
        if (call.method === 'POST' && call.path.endsWith('configmaps')) await remove(call.body);
        const { code, message } = await send(member, call);
        if (by === 'RBAC') {
          expect(code, message).equal(403);
          expect(message).match(
            /is forbidden: User "system:serviceaccount:member-rights:ballast-member-orders" cannot/,
          );
        } else {
          expect(code, message).equal(422);
          expect(message).include('ValidatingAdmissionPolicy').and.match(by);
        }
        if (untried) return;
        const allowed = await send(stage!.admin, call, true);
        expect(allowed.code, `an administrator may: ${allowed.message}`).below(300);
      });
    }
  });

  /** Removes a ConfigMap, if it is there. */
  async function remove(body: object | undefined): Promise<void> {
    const { name } = (body as { metadata: { name?: string } }).metadata;
    if (name !== undefined) await send(stage!.admin, { method: 'DELETE', path: at(`configmaps/${name}`) });
  }

  it('of another member, or of no pod, changes no other pod', async () => {
    const call = {
      ...{ method: 'PATCH', path: at('pods/orders-0'), type: MERGE },
      body: { metadata: { annotations: { status: '{}' } } },
    };
    for (const pod of ['orders-1', undefined]) {
      const { message } = await send(await stage!.as('ballast-member-orders', pod), call);
      expect(message).match(
        /the annotations status, db\.example\.com\/archive and db\.example\.com\/restore of its own pod only/,
      );
    }
    expect((await send(member, call)).code).equal(200);
  });

  it('of another namespace means nothing here', async () => {
    await send(stage!.admin, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'abroad' } } });
    const account = { metadata: { name: 'ballast-member-orders', namespace: 'abroad' } };
    await send(stage!.admin, { method: 'POST', path: '/api/v1/namespaces/abroad/serviceaccounts', body: account });
    const foreign = await stage!.as('ballast-member-orders', undefined, 'abroad');
    const { code } = await send(foreign, { method: 'GET', path: at('pods') });
    expect(code).equal(403);
  });
});
