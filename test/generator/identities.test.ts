import { MEMBER_ACCOUNT } from '../../database/vocabulary.ts';
import { expect } from 'chai';
import fc from 'fast-check';
import { identitiesOf, isIdentityOf } from '../../generator/identities.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { names } from '../../generator/names.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { databases, settings } from './databases.ts';

const nameOf = ({ metadata }: Manifest): string => (metadata as { name: string }).name;
const LARGEST = 9;

/** Kinds and names in a rendering, without the Database itself and the claims of its members. */
function rendered(manifests: readonly Manifest[], database: string): { kind: string; name: string }[] {
  const claims = new Set(Array.from({ length: LARGEST }, (_, ordinal) => names.claim(database, ordinal)));
  return manifests
    .filter((one) => one.kind !== 'Database' && !claims.has(nameOf(one)))
    .map((one) => ({ kind: one.kind, name: nameOf(one) }));
}

describe('The objects that Ballast may make for a Database', () => {
  const seen = new Set<string>();

  it('are all that any rendering holds', () => {
    const property = fc.property(databases, settings, (database, installation) => {
      const { name = '' } = database.metadata;
      const former = { ...database.metadata, annotations: { [MEMBER_ACCOUNT]: name } };
      const all = [database, { ...database, metadata: former }].flatMap((one) => render(familyOf(one), installation));
      for (const identity of rendered(all, name)) {
        expect(isIdentityOf(name, identity), `${identity.kind} ${identity.name}`).equal(true);
        const place = identitiesOf(name).findIndex((one) => one.kind === identity.kind && one.name === identity.name);
        seen.add(String(place));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('are none that no rendering holds', () => {
    const never = identitiesOf('NAME').filter((_, place) => !seen.has(String(place)));
    expect(never).eql([]);
  });

  it('are told apart by kind as well as by name', () => {
    expect(isIdentityOf('orders', { kind: 'CronJob', name: 'orders-backup' })).equal(true);
    for (const identity of [
      { kind: 'CronJob', name: 'nightly-report' },
      { kind: 'Deployment', name: 'orders' },
      { kind: 'Secret', name: 'orders-backup' },
      { kind: 'CronJob', name: 'orders' },
      { kind: 'Namespace', name: 'orders' },
      { kind: 'constructor', name: 'orders' },
    ]) {
      expect(isIdentityOf('orders', identity), `${identity.kind} ${identity.name}`).equal(false);
    }
  });
});
