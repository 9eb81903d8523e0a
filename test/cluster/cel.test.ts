import { expect } from 'chai';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { casesOf, written } from '../contract/objects.ts';
import { Api } from './api.ts';
import type { Named } from './ballast.ts';
import { installKinds, makeNamespace, tryCreate, tryUpdate } from './ballast.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';

const NAMESPACE = 'cel';

describe('The API server alone, with no webhook', function () {
  this.timeout(600_000);
  let api: Api | undefined;

  before(async function () {
    const plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    await makeNamespace(api, NAMESPACE);
  });

  after(() => {
    api?.close();
  });

  for (const rule of OBJECT_RULES.filter(({ cel }) => cel !== undefined)) {
    const cases = [
      ...casesOf(rule, rule.allowed).map((one) => ({ ...one, refused: false })),
      ...casesOf(rule, rule.denied).map((one) => ({ ...one, refused: true })),
    ];
    it(`has the verdict of ${rule.id} on its ${cases.length} examples`, async () => {
      for (const { kind, example, refused } of cases) {
        const now = written(kind, { ...example, metadata: { namespace: NAMESPACE, ...example.metadata } });
        const was = example.was && written(kind, { ...example.was, metadata: { namespace: NAMESPACE } });
        const reply = was
          ? await tryUpdate(api!, kind, NAMESPACE, [was as unknown as Named, now as unknown as Named])
          : await tryCreate(api!, kind, NAMESPACE, now);
        const { message } = reply;
        expect(message.includes(`(${rule.id})`), `${JSON.stringify(example)}: ${message}`).to.equal(refused);
        expect(reply.code, message).to.equal(refused ? 422 : was ? 200 : 201);
      }
    });
  }
});
