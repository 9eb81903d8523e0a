import { MEMBER_ACCOUNT } from '../../../database/vocabulary.ts';
import { expect } from 'chai';
import type { Api } from '../../cluster/api.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import type { Stage } from './member-stage.ts';
import { MERGE, STRATEGIC, at, database, makeStage, send } from './member-stage.ts';
import { REFUSED } from './refused-calls.ts';

const OLD = database('former', { [MEMBER_ACCOUNT]: 'former' });
/** On the way to its own account: members of both kinds run. */
const CHANGING = database('moving', { [MEMBER_ACCOUNT]: 'ballast-member-moving' });

/** The same calls about another Database. */
function about(name: string): (typeof REFUSED)[number][] {
  return REFUSED.map(({ body, path, ...call }) => ({
    ...call,
    path: path.replaceAll('orders', name),
    ...(body && { body: JSON.parse(JSON.stringify(body).replaceAll('orders', name)) as object }),
  }));
}

describe('A token of the account that members had before they had their own', function () {
  this.timeout(300_000);
  let stage: Stage | undefined;
  let former: Api;

  before(async function () {
    stage = await makeStage(await controlPlaneOrSkip(this), [OLD, CHANGING, database('orders'), database('billing')]);
    former = await stage.as('former', 'former-0');
  });

  after(() => {
    stage?.end();
  });

  const byRbac = about('former').filter(({ by, path }) => by === 'RBAC' && !path.includes('ballast-member'));

  it(`is held by RBAC to its own pods and notes by name (${byRbac.length} calls)`, async () => {
    expect(byRbac).length.above(45);
    for (const { what, ...call } of byRbac) {
      const { code, message } = await send(former, call, true);
      expect(code, `${what}: ${message}`).equal(403);
    }
  });

  it('can still do what the policies would refuse to a member’s own account', async () => {
    const image = { spec: { containers: [{ name: 'postgresql', image: 'other' }] } };
    const own = { method: 'PATCH', path: at('pods/former-0'), body: image, type: STRATEGIC };
    expect((await send(former, own, true)).code).equal(200);
    const made = { method: 'POST', path: at('configmaps'), body: { metadata: { name: 'any' } } };
    expect((await send(former, made, true)).code).equal(201);
  });

  it('does its work beside the new one while members change over', async () => {
    const patch = (pod: string): object => ({
      ...{ method: 'PATCH', path: at(`pods/${pod}`), type: MERGE },
      body: { metadata: { labels: { 'db.example.com/role': 'replica' }, annotations: { status: '{}' } } },
    });
    for (const [account, pod] of [
      ['moving', 'moving-1'],
      ['ballast-member-moving', 'moving-0'],
    ] as const) {
      // A token is bound to a pod of its own account.
      const api = await stage!.as(account, account === 'moving' ? undefined : pod);
      const { code, message } = await send(api, patch(pod) as Parameters<typeof send>[1]);
      expect(code, message).equal(200);
    }
  });
});
