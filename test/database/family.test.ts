import { expect } from 'chai';
import fc from 'fast-check';
import { familiesOf, familyIdentity, familyOf } from '../../database/family.ts';
import type { Family } from '../../database/family.ts';
import type { BallastObject } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import { evaluateTree } from '../../policies/evaluate.ts';
import { summarize } from '../../policies/summary.ts';
import { seen, written } from '../contract/objects.ts';

const name = fc.constantFrom('orders', 'billing', 'stock');
const namespace = fc.constantFrom('shop', 'staging');

const database = fc
  .record({ name, namespace })
  .map((metadata): BallastObject => seen(written('Database', { metadata })));
const dependent = fc
  .record({ kind: fc.constantFrom('DatabaseBackup', 'DatabaseUser', 'DatabaseRestore'), name, namespace, of: name })
  .map(({ kind, of, ...metadata }): BallastObject =>
    seen(written(kind, { metadata, spec: { databaseRef: { name: of } } })),
  );
const tree = fc.array(fc.oneof(database, dependent), { maxLength: 20 });

const membersOf = ({ database: of, backups, users, restores }: Family): BallastObject[] => [
  of,
  ...backups,
  ...users,
  ...restores,
];
const keyOf = (object: BallastObject): string => identityKey(familyIdentity(object));
const isDatabase = ({ kind }: BallastObject): boolean => kind === 'Database';

describe('Families', () => {
  it('and what dangles hold every object exactly once', () => {
    fc.assert(
      fc.property(tree, (objects) => {
        const { families, dangling } = familiesOf(objects);
        const held = [...families.flatMap(membersOf), ...dangling];
        expect(held).to.have.members(objects);
        expect(held).to.have.lengthOf(objects.length);
      }),
    );
  });

  it('have each object that refers to a Database in the family of that Database', () => {
    fc.assert(
      fc.property(tree, (objects) => {
        for (const family of familiesOf(objects).families) {
          for (const member of membersOf(family)) {
            expect(keyOf(member)).to.equal(identityKey(identify(family.database)));
          }
        }
      }),
    );
  });

  it('lack only objects whose Database is absent, and each of these is reported', () => {
    fc.assert(
      fc.property(tree, (objects) => {
        const { dangling } = familiesOf(objects);
        const databases = new Set(objects.filter(isDatabase).map(keyOf));
        expect(dangling.filter((object) => databases.has(keyOf(object)))).to.deep.equal([]);
        const told = evaluateTree(objects.map((object) => summarize(object))).flatMap(({ of, finding }) =>
          finding.rule === 'reference-exists' && finding.path.includes('databaseRef') ? [identityKey(of)] : [],
        );
        expect(told.sort()).to.deep.equal(dangling.map((object) => identityKey(identify(object))).sort());
      }),
    );
  });

  it('give the dependents to the first of two Databases with one identity', () => {
    const [first, second] = [seen(written('Database')), seen(written('Database'))];
    const user = seen(written('DatabaseUser'));
    const { families } = familiesOf([second, user, first]);
    expect(families.map(({ database: of, users }) => [of === second, users.length])).to.deep.equal([
      [true, 1],
      [false, 0],
    ]);
  });

  it('are of a Database alone when nothing is known to refer to it', () => {
    const alone = seen(written('Database'));
    if (alone.kind !== 'Database') throw new Error('a Database is one');
    expect(familyOf(alone)).to.deep.equal({ database: alone, backups: [], users: [], restores: [] });
  });
});

describe('References to what is not there', () => {
  it('are reported in linear time', () => {
    const count = 20_000;
    const objects = Array.from({ length: count }, (_, index) => [
      seen(written('Database', { metadata: { name: `orders-${index}` } })),
      seen(
        written('DatabaseUser', { metadata: { name: `user-${index}` }, spec: { databaseRef: { name: `x-${index}` } } }),
      ),
    ]).flat();
    const summaries = objects.map((object) => summarize(object));
    const told = evaluateTree(summaries).filter(({ finding }) => finding.rule === 'reference-exists');
    expect(told).to.have.lengthOf(count);
  });
});
