import { expect } from 'chai';
import fc from 'fast-check';
import type { Path } from '../../database/finding.ts';
import { PathMap, outside } from '../../database/paths.ts';

const part = fc.constantFrom<string | number>('a', 'b', '0', 0, 1, '__proto__', 'constructor');
const path: fc.Arbitrary<Path> = fc.array(part, { maxLength: 4 });

/** Whether a place lies at or below one of the paths. */
const isWithin = (place: Path, paths: readonly Path[]): boolean => outside([{ path: place }], paths).length === 0;

describe('A place', () => {
  it('lies within itself and above, not within its neighbours', () => {
    expect(isWithin(['spec', 'storage', 'size'], [['spec', 'storage']])).to.equal(true);
    expect(isWithin(['spec', 'storage'], [['spec', 'storage']])).to.equal(true);
    expect(isWithin(['spec'], [['spec', 'storage']])).to.equal(false);
    expect(isWithin(['spec', 'size'], [['spec', 'storage'], ['metadata']])).to.equal(false);
    expect(isWithin(['spec'], [])).to.equal(false);
    expect(isWithin(['spec'], [[]])).to.equal(true);
  });

  it('lies within paths exactly when it begins with one of them', () => {
    const property = fc.property(fc.array(path, { maxLength: 6 }), path, (paths, place) => {
      const begins = paths.some((one) => one.every((name, index) => place[index] === name));
      expect(isWithin(place, paths)).to.equal(begins);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe('A value by its path', () => {
  it('is the first of that path, and stands for all that lies below', () => {
    const map = new PathMap<string>();
    map.add([0, 'items', 1], 'first');
    map.add([0, 'items', 1], 'second');
    expect(map.above([0, 'items', 1, 'spec'])).to.equal('first');
    expect(map.above([0, 'items', 2])).to.equal(undefined);
    expect(map.above([0, 'items'])).to.equal(undefined);
  });
});
