import { expect } from 'chai';
import { oracleOrSkip } from './oracle.ts';
import type { Answer, Oracle, Question } from './oracle.ts';

const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                'x-kubernetes-validations': [{ rule: 'self.size >= oldSelf.size', message: 'must not shrink' }],
                properties: {
                  size: { type: 'integer' },
                  mode: { type: 'string', default: 'on', enum: ['on', 'off'] },
                },
              },
              status: { type: 'object', properties: { lit: { type: 'boolean' } } },
            },
          },
        },
      },
    ],
  },
};

function lamp(spec: unknown, status?: unknown): object {
  return {
    apiVersion: 'example.org/v1',
    kind: 'Lamp',
    metadata: { name: 'a' },
    spec,
    ...(status !== undefined && { status }),
  };
}

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };

/** A question, and the fields and types of the errors in the answer. */
const CASES: Readonly<Record<string, readonly [question: Question, errors: readonly string[]]>> = {
  'a good custom resource': [{ ask: 'cr', crd: 'lamps', object: lamp({ size: 1 }) }, []],
  'an unknown field': [{ ask: 'cr', crd: 'lamps', object: lamp({ size: 1, sise: 2 }) }, ['spec.sise unknown field']],
  'a value outside an enum': [
    { ask: 'cr', crd: 'lamps', object: lamp({ size: 1, mode: 'dim' }) },
    ['spec.mode FieldValueNotSupported', '<nil> FieldValueInvalid'],
  ],
  'a transition rule': [
    { ask: 'cr', crd: 'lamps', object: lamp({ size: 1 }), oldObject: lamp({ size: 2 }) },
    ['spec FieldValueInvalid'],
  ],
  'a status of the wrong type': [
    {
      ask: 'cr',
      crd: 'lamps',
      object: lamp({ size: 1 }, { lit: 'x' }),
      oldObject: lamp({ size: 1 }),
      subresource: 'status',
    },
    ['status.lit FieldValueTypeInvalid', '<nil> FieldValueInvalid'],
  ],
  'a Service without fault': [{ ask: 'object', object: { ...service, spec: { ports: [{ port: 1 }] } } }, []],
  'an unknown field of a Service': [
    { ask: 'object', object: { ...service, spec: { ports: [{ port: 1 }], selectr: {} } } },
    ['spec.selectr unknown field'],
  ],
  'a Service without ports': [{ ask: 'object', object: { ...service, spec: {} } }, ['spec.ports FieldValueRequired']],
};

describe('The oracle', () => {
  let oracle: Oracle | undefined;
  const ask = async (question: Question): Promise<Answer> => {
    if (!oracle) throw new Error('the oracle did not start');
    return oracle.ask(question);
  };

  before(async function () {
    oracle = await oracleOrSkip(this);
    expect(await ask({ ask: 'load-crd', name: 'lamps', object: CRD })).to.deep.equal({ ok: true, errors: [] });
  });

  after(() => oracle?.stop());

  for (const [name, [question, errors]] of Object.entries(CASES)) {
    it(`judges ${name}`, async () => {
      const answer = await ask(question);
      expect(answer.errors?.map(({ field, type }) => `${field} ${type}`)).to.deep.equal(errors);
      expect(answer.ok).to.equal(errors.length === 0);
    });
  }

  it('sets defaults and leaves out what the API server alone fills in', async () => {
    const { defaulted } = await ask({ ask: 'cr', crd: 'lamps', object: lamp({ size: 1 }) });
    expect(defaulted).to.deep.equal({
      ...lamp({ mode: 'on', size: 1 }),
      metadata: { name: 'a', namespace: 'default' },
    });
  });

  it('refuses a CustomResourceDefinition whose CEL does not compile', async () => {
    const broken = JSON.parse(JSON.stringify(CRD).replace('oldSelf.size', 'oldSelf.sise')) as unknown;
    const { errors = [] } = await ask({ ask: 'load-crd', name: 'broken', object: broken });
    expect(errors.map(({ detail }) => detail).join()).to.contain("undefined field 'sise'");
  });

  it('reads YAML as kubectl does', async () => {
    expect(await ask({ ask: 'yaml', value: 'a: yes\nb: 0644\n' })).to.deep.equal({
      ok: true,
      json: '{"a":true,"b":420}',
    });
  });

  it('answers many questions a second', async () => {
    const began = performance.now();
    const object = lamp({ size: 3 });
    await Promise.all(Array.from({ length: 2000 }, () => ask({ ask: 'cr', crd: 'lamps', object })));
    expect(performance.now() - began).to.be.below(10_000);
  });
});
