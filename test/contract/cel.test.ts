import { expect } from 'chai';
import fc from 'fast-check';
import { parseObject } from '../../database/parse.ts';
import type { BallastObject } from '../../database/object.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import { customResourceDefinition } from '../../policies/crd.ts';
import type { KindName, ObjectRule } from '../../policies/rule.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { startOracle } from '../oracle/oracle.ts';
import type { Answer, Oracle } from '../oracle/oracle.ts';
import { celHolds } from './cel.ts';
import { CONTEXT, casesOf, changeOf, seen, written } from './objects.ts';
import type { Case, Fields } from './objects.ts';
import { changes } from './specs.ts';

const RULES = OBJECT_RULES.filter(({ cel }) => cel !== undefined);

/** Whether the rule's own check has nothing against the change. */
function checkHolds(rule: ObjectRule, object: BallastObject, old?: BallastObject): boolean {
  return rule.check(object, old, CONTEXT).length === 0;
}

/** Both verdicts on a change; a rule about changes has none on an object that is made. */
function verdicts(rule: ObjectRule, object: BallastObject, old?: BallastObject): { check: boolean; cel: boolean } {
  return { check: checkHolds(rule, object, old), cel: celHolds(rule, object, old) };
}

function passesSchema(kind: KindName, fields: Fields): boolean {
  return parseObject(written(kind, fields)).is === 'ours';
}

function refusedBy({ errors = [] }: Answer, { id }: ObjectRule): boolean {
  return errors.some(({ message }) => message.endsWith(`(${id})`));
}

const named = ({ kind, example }: Case): string => `${kind} ${JSON.stringify(example)}`;

describe('The CEL of a rule says the same as its check', () => {
  for (const rule of RULES) {
    for (const one of casesOf(rule, [...rule.allowed, ...rule.denied])) {
      it(`${rule.id}: ${named(one)}`, () => {
        const { object, old } = changeOf(rule, one);
        const { check, cel } = verdicts(rule, object, old);
        expect(cel).to.equal(check);
      });
    }

    for (const kind of rule.kinds) {
      it(`${rule.id}: on any ${kind}, and refuses some`, () => {
        const seenVerdicts = new Set<boolean>();
        const property = fc.property(changes(kind), ({ now, was }) => {
          fc.pre(passesSchema(kind, now) && passesSchema(kind, was));
          const old = rule.on === 'update' ? seen(written(kind, was)) : undefined;
          const { check, cel } = verdicts(rule, seen(written(kind, now)), old);
          seenVerdicts.add(check);
          expect(cel, JSON.stringify({ now, was })).to.equal(check);
        });
        fc.assert(property, { numRuns: 1000, maxSkipsPerRun: 1000 });
        expect([...seenVerdicts].sort()).to.deep.equal([false, true]);
      });
    }
  }
});

describe('The CRDs in the API server', () => {
  let oracle: Oracle;

  before(async function () {
    // The first run on a machine builds the oracle.
    this.timeout(1_200_000);
    const started = await startOracle();
    if (!started.ok) {
      process.stderr.write(`SKIPPED, ${this.test?.parent?.title}: ${started.reason}\n`);
      this.skip();
      return;
    }
    ({ oracle } = started);
  });

  after(() => oracle?.stop());

  for (const kind of KINDS) {
    it(`takes the CRD of ${kind.kind}`, async () => {
      const answer = await oracle.ask({ ask: 'load-crd', name: kind.kind, object: customResourceDefinition(kind) });
      expect(answer.errors?.map(({ field, message }) => `${field}: ${message}`)).to.deep.equal([]);
      expect(answer.ok).to.equal(true);
    });
  }

  /** The answer about an object that is made, or changed when there was one before. */
  function asked(kind: KindName, now: Fields, was?: Fields): Promise<Answer> {
    const oldObject = was && written(kind, was);
    return oracle.ask({ ask: 'cr', crd: kind, object: written(kind, now), ...(oldObject && { oldObject }) });
  }

  for (const rule of RULES) {
    for (const [list, refused] of [
      ['allowed', false],
      ['denied', true],
    ] as const) {
      for (const one of casesOf(rule, rule[list])) {
        it(`${refused ? 'refuses' : 'takes'} for ${rule.id}: ${named(one)}`, async () => {
          const answer = await asked(one.kind, one.example, one.example.was);
          expect(refusedBy(answer, rule), JSON.stringify(answer.errors)).to.equal(refused);
          expect(answer.ok, JSON.stringify(answer.errors)).to.equal(!refused);
        });
      }
    }
  }

  for (const { kind } of KINDS) {
    it(`gives the verdicts of the rules on any ${kind}`, async () => {
      const name = kind as KindName;
      const samples = fc
        .sample(changes(name), 400)
        .filter(({ now, was }) => passesSchema(name, now) && passesSchema(name, was));
      expect(samples.length).to.be.greaterThan(100);
      const different = samples.map(async ({ now, was }) => {
        const [made, changed] = await Promise.all([asked(name, now), asked(name, now, was)]);
        return RULES.filter(({ kinds }) => kinds.includes(name)).flatMap((rule) => {
          const update = rule.on === 'update';
          const old = update ? seen(written(name, was)) : undefined;
          const theirs = !refusedBy(update ? changed : made, rule);
          const ours = checkHolds(rule, seen(written(name, now)), old);
          return ours === theirs ? [] : [`${rule.id}: check ${String(ours)}: ${JSON.stringify({ now, was })}`];
        });
      });
      expect((await Promise.all(different)).flat()).to.deep.equal([]);
    });
  }
});
