import { expect } from 'chai';
import fc from 'fast-check';
import { applyDefaults } from '../../database/defaults.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import type { Schema } from '../../database/schema/schema.ts';
import type { KindName } from '../../policies/rule.ts';
import { changes } from '../contract/specs.ts';

const DOOR: Schema = {
  type: 'object',
  properties: {
    color: { type: 'string', default: 'red' },
    lock: { type: 'object', properties: { keys: { type: 'integer', default: 2 } } },
    bells: { type: 'array', items: { type: 'object', properties: { loud: { type: 'boolean', default: true } } } },
    sign: { type: 'object', shortForm: { type: 'string' }, properties: { lit: { type: 'boolean', default: false } } },
  },
};

/** A value, without and with its defaults. */
const CASES: Readonly<Record<string, readonly [value: unknown, filled: unknown]>> = {
  'an absent field is filled': [{}, { color: 'red' }],
  'a null counts as absent': [{ color: null, lock: null }, { color: 'red' }],
  'a written field stays, however empty': [{ color: '' }, { color: '' }],
  'a written field of the wrong type stays': [{ color: 0 }, { color: 0 }],
  'an absent object is not made for the sake of a default in it': [{ color: 'blue' }, { color: 'blue' }],
  'an empty object gets the defaults in it': [{ lock: {} }, { lock: { keys: 2 }, color: 'red' }],
  'each entry of a list gets its own': [
    { bells: [{}, { loud: false }] },
    { bells: [{ loud: true }, { loud: false }], color: 'red' },
  ],
  'a short form stays a short form': [{ sign: 'open' }, { sign: 'open', color: 'red' }],
  'a long form is filled': [{ sign: {} }, { sign: { lit: false }, color: 'red' }],
  'an unknown field stays': [{ handle: { a: [1] } }, { handle: { a: [1] }, color: 'red' }],
  'a field named as one of Object’s own stays': [{ toString: 'x' }, { toString: 'x', color: 'red' }],
  'what is no object at all stays': ['door', 'door'],
};

type Leaf = readonly [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, child]) => leaves(child, `${path}/${name}`));
}

describe('Defaults', () => {
  for (const [name, [value, filled]] of Object.entries(CASES)) {
    it(name, () => {
      const before = structuredClone(value);
      expect(applyDefaults(DOOR, value)).to.deep.equal(filled);
      expect(value).to.deep.equal(before);
    });
  }

  for (const kind of KINDS) {
    const specs = changes(kind.kind as KindName).map(({ now }) => now.spec);

    it(`change nothing in a ${kind.kind} that has been through them`, () => {
      fc.assert(
        fc.property(specs, (spec) => {
          const once = applyDefaults(kind.spec, spec);
          expect(applyDefaults(kind.spec, once)).to.deep.equal(once);
        }),
      );
    });

    it(`keep every value that was written in a ${kind.kind}, and add only defaults of its schema`, () => {
      const defaults = new Set(
        leaves(kind.spec)
          .filter(([path]) => path.endsWith('/default'))
          .map(([, value]) => value),
      );
      fc.assert(
        fc.property(specs, (spec) => {
          const before = leaves(spec);
          const after = new Map(leaves(applyDefaults(kind.spec, spec)));
          for (const [path, value] of before) expect(after.get(path), path).to.equal(value);
          const written = new Set(before.map(([path]) => path));
          for (const [path, value] of after) if (!written.has(path)) expect(defaults, path).to.include(value);
        }),
      );
    });
  }

  it('add the fields that the contract names to an empty Database', () => {
    const [database] = KINDS;
    expect(applyDefaults(database!.spec, { backup: {}, highAvailability: {}, bootstrap: {} })).to.deep.equal({
      engine: 'postgresql',
      backup: { enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC' },
      bootstrap: { adopt: false, recover: false },
      highAvailability: { synchronous: 'preferred', maximumLagBytes: 1_048_576 },
      podAntiAffinity: 'preferred',
      deletionPolicy: 'Retain',
    });
  });
});
