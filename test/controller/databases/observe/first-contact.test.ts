import { expect } from 'chai';
import { markOf } from '../../../../controller/databases/observe/first-contact.ts';

const OF = { 'db.example.com/database': 'orders' };
const OWNED = { 'db.example.com/owner': 'uid-1' };

describe('The mark of an object', () => {
  const cases: readonly [string, Parameters<typeof markOf>[0], string | undefined][] = [
    [
      'is empty when it has only the labels that are rendered',
      { labels: { ...OF, 'app.kubernetes.io/managed-by': 'ballast' } },
      '',
    ],
    [
      'is empty when Helm applied it, which writes its own name into one of them',
      { labels: { ...OF, 'app.kubernetes.io/managed-by': 'Helm' } },
      '',
    ],
    [
      'is the uid of the Database that the controller made it for',
      { labels: { ...OF, 'app.kubernetes.io/managed-by': 'ballast' }, annotations: OWNED },
      'uid-1',
    ],
    ['is missing when others made it', { labels: { ...OF, 'app.kubernetes.io/managed-by': 'somebody' } }, undefined],
    ['is missing when nobody says who made it', { labels: OF, annotations: OWNED }, undefined],
    ['is missing when it belongs to no Database', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, undefined],
  ];
  for (const [name, metadata, mark] of cases) {
    it(name, () => {
      expect(markOf(metadata)).to.equal(mark);
    });
  }
});
