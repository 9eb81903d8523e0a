import { expect } from 'chai';
import { formatPath } from '../../database/finding.ts';
import type { Finding, Path } from '../../database/finding.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import type { Schema, ValueType } from '../../database/schema/schema.ts';
import { settingsSchema } from '../../database/schema/settings.ts';
import type { FieldPath } from '../../database/schema/typed-fields.ts';
import { EACH, fieldsHolding, laidAt } from '../../database/schema/typed-fields.ts';
import type { Settings } from '../../database/types.ts';
import { checkValue } from '../../policies/check.ts';
import type { KindName } from '../../policies/rule.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { settingsFindings } from '../../policies/settings.ts';
import { exampleAt, isTypeRule, typedFields } from '../../policies/type-rule.ts';
import type { TypeRule } from '../../policies/type-rule.ts';
import { CONTEXT, written } from './objects.ts';

const TYPE_RULES = OBJECT_RULES.filter(isTypeRule);

/** A field of a type: its kind, or `Settings`, and the findings of a whole check with a value at it. */
interface Place {
  readonly kind: string;
  readonly field: FieldPath;
  readonly find: (value: unknown) => readonly Finding[];
}

function findIn(kind: KindName, field: FieldPath, value: unknown): readonly Finding[] {
  const object = written(kind, exampleAt(kind, field, value));
  const checked = checkValue(object, { namespace: 'shop', now: CONTEXT.now });
  return checked.is === 'ours' ? checked.findings : [];
}

/** Every field of the type, in the schemas of all kinds and of the settings. */
function placesOf(type: ValueType): Place[] {
  const inKinds = KINDS.flatMap(({ kind }) =>
    typedFields(kind as KindName, type).map((field): Place => ({
      kind,
      field,
      find: (value) => findIn(kind as KindName, field, value),
    })),
  );
  const inSettings = fieldsHolding(settingsSchema, type).map((field): Place => ({
    kind: 'Settings',
    field,
    find: (value) => settingsFindings(laidAt(settingsSchema, field, value) as Settings),
  }));
  return [...inKinds, ...inSettings];
}

/** Whether a path is that of a field, or below it. */
function isAt(path: Path, field: FieldPath): boolean {
  return field.every((name, index) => name === EACH || path[index] === name);
}

const named = ({ kind, field }: Place): string => `${kind} ${field.join('.')}`;

/** A value that the schema of the field refuses before any rule is asked is refused too. */
function refusals(rule: TypeRule, { field, find }: Place, value: unknown): Finding[] {
  const ours = ({ rule: id, path }: Finding): boolean =>
    isAt(path, field) && (id === rule.id || id.startsWith('schema-'));
  return find(value).filter(ours);
}

describe('One type, one rule', () => {
  for (const rule of TYPE_RULES) {
    for (const place of placesOf(rule.holds)) {
      for (const value of rule.values.denied) {
        it(`${named(place)} is refused, or warned of, ${JSON.stringify(value)} (${rule.id})`, () => {
          const found = refusals(rule, place, value);
          expect(found).to.not.be.empty;
          expect(found.map(({ severity }) => severity)).to.include(rule.severity);
        });
      }
      for (const value of rule.values.allowed) {
        it(`${named(place)} may be ${JSON.stringify(value)} (${rule.id})`, () => {
          expect(refusals(rule, place, value)).to.deep.equal([]);
        });
      }
    }
  }

  it('finds the fields of each type', () => {
    const types = new Set(TYPE_RULES.map(({ holds }) => holds));
    const counts = Object.fromEntries([...types].map((type) => [type, placesOf(type).length]));
    expect(counts).to.deep.equal({
      'volume-size': 3,
      amount: 4,
      schedule: 3,
      'time-zone': 2,
      query: 1,
      destination: 2,
      retention: 1,
      days: 1,
      'object-name': 25,
      'backup-name': 2,
      'target-time': 2,
      'target-lsn': 2,
      'target-name': 2,
      'database-name': 1,
      'secret-key': 1,
      'address-range': 4,
    });
  });
});

/** Every field of a schema whose text the schema alone does not hold to a list of words or a form. */
function textFields(schema: Schema, at: FieldPath = []): FieldPath[] {
  const { type, enum: words, pattern, properties = {}, items, additionalProperties } = schema;
  const own = (type === 'string' || schema['x-kubernetes-int-or-string']) && !words && !pattern ? [at] : [];
  const entries = items ?? additionalProperties;
  return [
    ...own,
    ...Object.entries(properties).flatMap(([name, child]) => textFields(child, [...at, name])),
    ...(entries ? textFields(entries, [...at, EACH]) : []),
  ];
}

describe('No field takes any text', () => {
  /** Texts that no field of Ballast's kinds has a use for; some break out of a line, some out of a word. */
  const STRANGE = ['\n', 'a\nb', '\u0000', "'", '"', '$(id)', '; rm -rf /', '\u202e', ' '];

  /** Errors about a value at a field, or about an object that contains the field. */
  const told = (kind: KindName, at: FieldPath, value: unknown): { own: boolean; text: string }[] =>
    findIn(kind, at, value)
      .filter(({ path, severity }) => severity === 'error' && isAt(path, at.slice(0, path.length)))
      .map(({ path, problem }) => ({ own: path.length >= at.length, text: `${formatPath(path)}: ${problem}` }));

  for (const { kind, spec } of KINDS) {
    for (const field of textFields(spec)) {
      it(`${kind} spec.${field.join('.')} is refused some`, () => {
        const at = ['spec', ...field];
        const anyway = told(kind as KindName, at, 'orders').map(({ text }) => text);
        const refused = STRANGE.filter((value) =>
          told(kind as KindName, at, value).some(({ own, text }) => own || !anyway.includes(text)),
        );
        expect(refused, formatPath(at)).to.include('a\nb');
      });
    }
  }
});
