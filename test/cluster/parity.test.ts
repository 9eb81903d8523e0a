import { expect } from 'chai';
import fc from 'fast-check';
import { KINDS } from '../../database/schema/kinds.ts';
import { checkValue } from '../../policies/check.ts';
import type { KindName } from '../../policies/rule.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import type { Fields } from '../contract/objects.ts';
import { casesOf, written } from '../contract/objects.ts';
import { changes } from '../contract/specs.ts';
import type { Running } from '../webhook/running.ts';
import { startWebhook } from '../webhook/running.ts';
import type { Reply } from './api.ts';
import { Api } from './api.ts';
import type { Named } from './ballast.ts';
import { installKinds, makeNamespace, tryCreate, tryUpdate } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import { forgetWebhook, registerWebhook, untilAsked } from './webhook.ts';

const NAMESPACE = 'parity';
const SAMPLES = 150;

function inNamespace(kind: KindName, { spec, metadata }: Fields): Record<string, unknown> & Named {
  return written(kind, { ...(spec && { spec }), metadata: { ...metadata, namespace: NAMESPACE } }) as Record<
    string,
    unknown
  > &
    Named;
}

/** The verdict of the command line: the rules that refuse the object; empty when it is admitted. */
function refusals(value: unknown, before?: unknown): string[] {
  const old = before === undefined ? undefined : checkValue(before, { namespace: NAMESPACE, now: new Date() });
  const checked = checkValue(value, {
    namespace: NAMESPACE,
    now: new Date(),
    // No controller runs here: it is known that nothing has been observed.
    before: () => (old?.is === 'ours' && old.object ? { status: {}, ...old.object } : undefined),
  });
  const findings = checked.is === 'ours' ? checked.findings : [];
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

const IDS = new Set(ALL_RULES.map(({ id }) => id));

/** Holds a refusal's rules against the command line's: the webhook names all of them, CEL those that it can say. */
function expectSameRules({ message }: Reply, ours: readonly string[]): void {
  const named = [...message.matchAll(/\(([a-z-]+)\)/g)].map(([, rule]) => rule ?? '').filter((id) => IDS.has(id));
  if (message.startsWith('admission webhook')) expect(new Set(named)).to.deep.equal(new Set(ours));
  else expect(ours).to.include.members(named);
}

describe('The API server with the webhook', function () {
  this.timeout(600_000);
  let plane: ControlPlane | undefined;
  let webhook: Running | undefined;
  let api: Api;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    webhook = await startWebhook();
    await makeNamespace(api, NAMESPACE, await registerWebhook(plane, webhook));
    await untilAsked(api, NAMESPACE);
  });

  after(async () => {
    if (plane) await forgetWebhook(plane);
    await webhook?.end();
    if (plane) api.close();
  });

  for (const rule of OBJECT_RULES.filter(({ on }) => on !== 'delete')) {
    const cases = casesOf(rule, [...rule.allowed, ...rule.denied]);
    it(`has the command line's verdict on the ${cases.length} examples of ${rule.id}`, async () => {
      for (const { kind, example } of cases) {
        if (example.metadata && 'namespace' in example.metadata) continue;
        const now = inNamespace(kind, example);
        const was = example.was && inNamespace(kind, example.was);
        // An object that cannot be made cannot be changed either.
        if (was && refusals(was).length > 0) continue;
        const reply = was
          ? await tryUpdate(api, kind, NAMESPACE, [was, now])
          : await tryCreate(api, kind, NAMESPACE, now);
        const ours = refusals(now, was);
        expect(reply.code < 300, `${JSON.stringify(example)}: ${ours.join()} but ${reply.message}`).to.equal(
          ours.length === 0,
        );
        expectSameRules(reply, ours);
      }
    });
  }

  for (const kind of KINDS.map((known) => known.kind as KindName)) {
    it(`has the command line's verdict on ${SAMPLES} generated objects of ${kind}`, async () => {
      const seed = Number(process.env['PARITY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      const samples = fc.sample(changes(kind), { numRuns: SAMPLES, seed }).map(({ now }) => inNamespace(kind, now));
      const verdicts = { let: 0, refused: 0 };
      for (const object of samples) {
        const reply = await tryCreate(api, kind, NAMESPACE, object);
        const ours = refusals(object);
        verdicts[ours.length === 0 ? 'let' : 'refused'] += 1;
        const about = `seed ${seed}: ${JSON.stringify(object)}: ${ours.join()} but ${String(reply.code)} ${reply.message}`;
        expect(reply.code < 300, about).to.equal(ours.length === 0);
        expectSameRules(reply, ours);
      }
      expect(verdicts.refused, JSON.stringify(verdicts)).to.be.greaterThan(0);
    });
  }
});
