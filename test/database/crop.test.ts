import { expect } from 'chai';
import fc from 'fast-check';
import { cropped } from '../../database/crop.ts';
import { parseObject } from '../../database/parse.ts';
import { SCHEMAS } from '../../database/schema/schemas.ts';
import { written } from '../contract/objects.ts';
import { changes } from '../contract/specs.ts';

const SCHEMA = {
  properties: {
    list: { items: { properties: { inner: { maxItems: 1, items: {} } } }, maxItems: 2 },
    map: { additionalProperties: { type: 'string' }, maxProperties: 2 },
    either: { if: {}, then: { properties: { list: { maxItems: 1 } } }, else: { type: 'string' } },
  },
};
const many = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, at]));

/** Values, and their remaining parts. */
const CUT: Readonly<Record<string, readonly [value: object, left: object]>> = {
  'a list, to one entry more than it may have': [{ list: [{}, {}, {}, {}, {}] }, { list: [{}, {}, {}] }],
  'a list in an entry of a list': [{ list: [{ inner: [1, 2, 3] }] }, { list: [{ inner: [1, 2] }] }],
  'a map, to one entry more than it may have': [{ map: { a: 1, b: 2, c: 3, d: 4 } }, { map: { a: 1, b: 2, c: 3 } }],
  'the long form of a field that has two': [{ either: { list: [1, 2, 3] } }, { either: { list: [1, 2] } }],
};

describe('A hostile object', () => {
  for (const [name, [value, left]] of Object.entries(CUT)) {
    it(`is cut: ${name}`, () => {
      expect(cropped(SCHEMA, value)).to.deep.equal({ value: left, unknownFields: 0 });
    });
  }

  it('keeps its known fields, and the first of the unknown ones', () => {
    const { value, unknownFields } = cropped(SCHEMA, { ...many(5000), map: { a: 'x' } });
    expect(Object.keys(value as object)).to.have.lengthOf(201);
    expect(value).to.include.keys('map', 'field0', 'field199');
    expect(unknownFields).to.equal(4800);
  });

  it('gets its first findings, and the number of the others', () => {
    const object = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name: 'a' } };
    const parsed = parseObject({ ...object, spec: { version: 16, storage: { size: '10Gi' }, ...many(5000) } });
    const findings = parsed.is === 'wrong' ? parsed.findings : [];
    expect(findings).to.have.lengthOf(201);
    expect(findings.at(-1)).to.deep.include({
      rule: 'more-findings',
      problem: 'must have fewer mistakes: 4800 more are not told here',
    });
  });
});

describe('An honest object', () => {
  it('is given as it is', () => {
    const property = fc.property(changes('Database'), ({ now }) => {
      const object = written('Database', now);
      expect(cropped(SCHEMAS['Database']!, object).value).to.equal(object);
    });
    fc.assert(property);
  });
});
