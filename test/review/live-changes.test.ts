import { expect } from 'chai';
import fc from 'fast-check';
import type { BallastObject } from '../../database/object.ts';
import { describeProblem, formatPath } from '../../database/finding.ts';
import { FACTS_OF_STATUS } from '../../database/schema/facts.ts';
import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { TREE_RULES } from '../../policies/rules/index.ts';
import type { Facts } from '../../review/facts.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { review } from '../../review/review.ts';
import { validateReview } from '../../webhook/review.ts';
import { seen, written } from '../contract/objects.ts';
import { mayBeMade, randomPairs } from '../cluster/changes.ts';
import { factsOf } from './cluster-facts.ts';
import { LIVE_CHANGES } from './live-changes.ts';
import { OPTIONS, sourceOf } from './sources.ts';

const CONFIRMED = { annotations: { [CONFIRM_DELETE]: 'orders' } };
const KIND = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
const GENERATION = 3;

/** A Database before a change, what the controller wrote of it, and the Database after it; none when it is removed. */
interface Change {
  readonly was: object;
  readonly status: object;
  readonly now?: object;
}

/** What is told of a change, in the words of both ways: without the addition that the file was removed. */
interface Told {
  readonly severity: string;
  readonly path: string;
  readonly rule: string;
  readonly problem: string;
  readonly remedy: string;
}

const objectOf = (spec: object): Record<string, unknown> => written('Database', { spec, metadata: CONFIRMED });

/** The Database in the cluster, with the defaults that the API server fills. */
function storedOf({ was, status }: Change): BallastObject {
  const { metadata, ...object } = seen(objectOf(was));
  return { ...object, metadata: { ...metadata, generation: GENERATION }, status };
}

const byText = (told: readonly Told[]): Told[] =>
  told.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** What `--against main` tells of a change of the file. */
function fromFiles({ was, now }: Change, facts?: Facts): Told[] {
  const sources = now === undefined ? [] : [sourceOf('orders.yaml', JSON.stringify(objectOf(now)))];
  const theirs = [sourceOf('orders.yaml', JSON.stringify(objectOf(was)))];
  const options = { ...OPTIONS, ...(facts && { facts }) };
  const { findings } = review({ sources, findings: [] }, { revision: 'main', theirs }, options);
  const told = ({ severity, path, rule, problem, remedy }: LocatedFinding): Told => ({
    ...{ severity, path, rule, remedy },
    problem: problem.replace(' (it was removed)', ''),
  });
  return byText(findings.map(told));
}

/** What the webhook answers when the API server asks about the same change of the stored Database. */
function fromWebhook(change: Change): Told[] {
  const oldObject = storedOf(change);
  const request = { uid: '1', kind: KIND, name: 'orders', namespace: 'shop', oldObject };
  const { findings } =
    change.now === undefined
      ? validateReview({ ...request, operation: 'DELETE' }, OPTIONS.now)
      : validateReview({ ...request, operation: 'UPDATE', object: objectOf(change.now) }, OPTIONS.now);
  return byText(
    findings.map((finding) => ({
      ...{ severity: finding.severity, path: formatPath(finding.path), rule: finding.rule, remedy: finding.remedy },
      problem: describeProblem(finding),
    })),
  );
}

const errorsIn = (told: readonly Told[]): readonly Told[] => told.filter(({ severity }) => severity === 'error');
const hoursAgo = (hours: number): Date => new Date(OPTIONS.now.getTime() - hours * 3_600_000);

describe('A change that only the live state makes wrong', () => {
  it('has twenty examples and more', () => {
    expect(Object.keys(LIVE_CHANGES)).to.have.lengthOf.at.least(20);
  });

  for (const [name, { rule, path, says, without, ...change }] of Object.entries(LIVE_CHANGES)) {
    describe(name, () => {
      const about = (told: readonly Told[]): readonly Told[] => told.filter((one) => one.rule === rule);

      it(`tells ${without} without facts`, () => {
        const told = fromFiles(change);
        expect(errorsIn(told)).to.deep.equal([]);
        expect(about(told).map(({ severity }) => severity)).to.deep.equal(without === 'nothing' ? [] : ['warning']);
      });

      it('is refused with facts, at its field and with its reason', () => {
        const errors = errorsIn(fromFiles(change, factsOf([storedOf(change)])));
        expect(errors.map((one) => `${one.path} ${one.rule}`)).to.deep.equal([`${path} ${rule}`]);
        expect(errors[0]?.problem).to.include(says);
      });

      it('is told as the webhook tells it', () => {
        const told = fromFiles(change, factsOf([storedOf(change)]));
        expect(told).to.deep.equal(fromWebhook(change));
      });

      it('is only warned of by facts of two days ago, which say how old they are', () => {
        const told = fromFiles(change, factsOf([storedOf(change)], hoursAgo(49)));
        expect(errorsIn(told)).to.deep.equal([]);
        const [warning, ...others] = about(told);
        expect(others).to.deep.equal([]);
        expect(warning).to.include({ severity: 'warning', path });
        expect(warning?.problem).to.include(says);
        expect(warning?.problem).to.match(/ \(by facts of 2026-11-18T11:00:00Z, 2 days ago\)$/);
        expect(warning?.remedy).to.match(/^read the facts again \(ballast facts\); if it is still so, /);
      });

      it('is as without facts when they are of other Databases', () => {
        const stored = storedOf(change);
        const other = { ...stored, metadata: { ...stored.metadata, namespace: 'billing' } };
        expect(fromFiles(change, factsOf([other]))).to.deep.equal(fromFiles(change));
      });
    });
  }
});

describe('Facts', () => {
  const back: Change = {
    was: { storage: { size: '20Gi' } },
    status: { largestVolume: '10Gi', largestClaim: '10Gi' },
    now: { storage: { size: '10Gi' } },
  };

  it('let a request be taken back that no volume has followed', () => {
    expect(errorsIn(fromFiles(back)).map(({ rule }) => rule)).to.deep.equal(['storage-no-shrink']);
    expect(fromFiles(back, factsOf([storedOf(back)]))).to.deep.equal(fromWebhook(back));
    expect(errorsIn(fromWebhook(back))).to.deep.equal([]);
  });

  it('excuse nothing when they are old', () => {
    const old = factsOf([storedOf(back)], hoursAgo(25));
    expect(fromFiles(back, old)).to.deep.equal(fromFiles(back));
  });

  it('refuse for a whole day', () => {
    const { 'a growth on a class that cannot expand': growth } = LIVE_CHANGES;
    const facts = (hours: number): Facts => factsOf([storedOf(growth!)], hoursAgo(hours));
    expect(errorsIn(fromFiles(growth!, facts(24)))).to.have.lengthOf(1);
    expect(errorsIn(fromFiles(growth!, facts(24.1)))).to.have.lengthOf(0);
  });

  it('only warn when the backups of the Database lie elsewhere in the cluster than in the revision', () => {
    const change = LIVE_CHANGES['another destination, and a verification that failed']!;
    const elsewhere = storedOf({ ...change, was: { backup: { destination: 's3://elsewhere/orders' } } });
    const told = fromFiles(change, factsOf([elsewhere]));
    expect(errorsIn(told)).to.deep.equal([]);
    const [warning] = told.filter(({ rule }) => rule === change.rule);
    expect(warning?.problem).to.match(
      /\(by facts of 2026-11-20T12:00:00Z, when the Database had its backups elsewhere in the cluster\)$/,
    );
  });

  it('count, and a status in a file counts for nothing', () => {
    const change = LIVE_CHANGES['a deletion whose backups were never verified']!;
    const was = { ...objectOf(change.was), status: { observedGeneration: 9, lastVerified: { result: 'Succeeded' } } };
    const theirs = [sourceOf('orders.yaml', JSON.stringify(was))];
    const options = { ...OPTIONS, facts: factsOf([storedOf(change)]) };
    const { findings } = review({ sources: [], findings: [] }, { revision: 'main', theirs }, options);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).to.deep.equal([
      change.rule,
    ]);
  });
});

const quantity = fc.constantFrom('5Gi', '10Gi', '20Gi', '20G', '1Ti', 'ten', '');
const moment = fc.constantFrom('2026-11-19T05:00:00Z', '2026-11-09T05:00:00Z', '2026-12-01T00:00:00Z');
const status = fc.record(
  {
    ...{ phase: fc.constantFrom('Running', 'Failed'), replicas: fc.nat(9), observedGeneration: fc.nat(4) },
    ...{ largestVolume: quantity, largestClaim: quantity, volumesCanGrow: fc.boolean() },
    version: fc.constantFrom('16.3', '16.10', '17', '8.4.3', '7.0', 'latest'),
    lastVerified: fc.record(
      { name: fc.constant('20261119-020000F'), time: moment, result: fc.constantFrom('Succeeded', 'Failed') },
      { requiredKeys: [] },
    ),
    lastBackup: fc.record({ name: fc.string({ maxLength: 20 }) }),
    handled: fc.record({ rotation: fc.string() }),
  },
  { requiredKeys: [] },
);
const OF_TREES: ReadonlySet<string> = new Set(TREE_RULES.map(({ id }) => id));
/** The API server looks at no other object, and the schema's findings are worded by what stands in the file. */
const isOfRules = ({ rule }: Told): boolean => !OF_TREES.has(rule) && !rule.startsWith('schema-');
const gate = fc.constantFrom('Deletion', 'DestinationChange');

describe('The verdict with facts and that of the webhook', function () {
  this.timeout(30_000);

  it('are the same for any status and any change', () => {
    const refused = new Set<string>();
    const seed = Number(process.env['CHANGES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const pairs = randomPairs(200, seed);
    const around = fc.sample(fc.tuple(status, gate, fc.boolean()), { numRuns: pairs.length, seed });
    pairs.forEach(({ was: before, now: after }, index) => {
      const [live, act, isRemoved] = around[index]!;
      const verify = { schedule: '@daily', gate: { before: [act], maxAge: 7 } };
      const backup = { destination: 's3://backups/orders', verify };
      const was = { ...(before['spec'] as object), deletionPolicy: 'Delete', backup };
      if (!mayBeMade(objectOf(was))) return;
      const change = { was, status: live, ...(!isRemoved && { now: after['spec'] as object }) };
      const told = fromFiles(change, factsOf([storedOf(change)])).filter(isOfRules);
      for (const { rule } of errorsIn(told)) refused.add(rule);
      expect(told, JSON.stringify(change)).to.deep.equal(fromWebhook(change).filter(isOfRules));
    });
    expect([...refused]).to.include.members(['deletion-proven', 'destination-change-proven']);
  });

  it('read no other field of the status than the facts have', () => {
    expect([...FACTS_OF_STATUS].sort()).to.deep.equal(
      [...new Set(Object.values(LIVE_CHANGES).flatMap((one) => Object.keys(one.status)))].sort(),
    );
  });
});
