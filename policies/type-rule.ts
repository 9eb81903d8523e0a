import type { WrittenDestination } from '../database/destination.ts';
import type { Path, Severity } from '../database/finding.ts';
import type { WrittenRetention } from '../database/resolve.ts';
import { KINDS, kindNamed } from '../database/schema/kinds.ts';
import type { Schema, ValueType } from '../database/schema/schema.ts';
import type { FieldPath } from '../database/schema/typed-fields.ts';
import { EACH, fieldReader, fieldsHolding, isInCel, laidAt } from '../database/schema/typed-fields.ts';
import type { Context, Example, Found, KindName, ObjectRule } from './rule.ts';

/** The parsed values of each type, after the schema's checks. */
interface ValueOf {
  readonly destination: WrittenDestination;
  readonly amount: string | number;
  readonly 'volume-size': string | number;
  readonly schedule: string;
  readonly 'time-zone': string;
  readonly retention: WrittenRetention;
  readonly days: string | number;
  readonly 'target-time': string;
  readonly 'target-lsn': string;
  readonly 'target-name': string;
  readonly 'object-name': string;
  readonly 'secret-key': string;
  readonly 'backup-name': string;
  readonly query: string;
  readonly 'database-name': string;
  readonly 'address-range': string;
}

/** The facts of a rule about a type: it checks values at every field of the type, in every kind. */
interface TypeFacts<T extends ValueType> {
  readonly id: string;
  readonly holds: T;
  readonly severity: Severity;
  readonly why: string;
  readonly remedy: string;
  readonly allowed: readonly ValueOf[T][];
  readonly denied: readonly ValueOf[T][];
  /** The same rule in CEL, about the value of that expression. It applies to every field that CEL can name. */
  readonly cel?: (value: string) => string;
  readonly judge: (value: ValueOf[T], path: Path, context: Context) => readonly Found[];
}

/** A rule about every field of a type. As a rule about objects, its examples use the first of these fields. */
export interface TypeRule extends ObjectRule {
  readonly holds: ValueType;
  readonly values: { readonly allowed: readonly unknown[]; readonly denied: readonly unknown[] };
  /** The problems of one value; the path is that of the value. */
  readonly judge: (value: unknown, path: Path, context: Context) => readonly Found[];
}

/** The fields of a type in a kind, starting at `spec`. */
export function typedFields(kind: KindName, type: ValueType): FieldPath[] {
  return fieldsHolding(kindNamed(kind)?.spec ?? {}, type).map((field) => ['spec', ...field]);
}

/** Fields of an object with one value at one field. */
export function exampleAt(kind: KindName, [, top = '', ...rest]: FieldPath, value: unknown): Example {
  const schema = kindNamed(kind)?.spec.properties?.[top] ?? {};
  return { spec: { [top]: laidAt(schema, rest, value) } };
}

/** The CEL condition for a field: absent, or with a valid value. */
function celAt(spec: Schema, field: FieldPath, cel: (value: string) => string): string {
  const absent: string[] = [];
  let [schema, at]: [Schema | undefined, string] = [spec, 'self'];
  for (const name of field) {
    const isRequired = schema?.required?.includes(name) ?? false;
    at = `${at}.${name}`;
    if (!isRequired) absent.push(`!has(${at})`);
    schema = schema?.properties?.[name];
  }
  return [...absent, cel(at)].join(' || ');
}

function celOf(kind: KindName, type: ValueType, cel: (value: string) => string): string | undefined {
  const spec = kindNamed(kind)?.spec ?? {};
  const fields = fieldsHolding(spec, type).filter((field) => isInCel(spec, field));
  if (fields.length === 0) return undefined;
  const all = fields.map((field) => celAt(spec, field, cel));
  return all.length === 1 ? all[0] : all.map((one) => `(${one})`).join(' && ');
}

/** The field itself, or the list or map whose entries it belongs to. */
function beforeEntries(field: FieldPath): FieldPath {
  return field.includes(EACH) ? field.slice(0, field.indexOf(EACH)) : field;
}

/** Makes a rule about a type. Its kinds and fields follow from the schemas. */
export function typeRule<T extends ValueType>(facts: TypeFacts<T>): TypeRule {
  const { id, holds, severity, why, remedy, cel, allowed, denied } = facts;
  const judge = facts.judge as TypeRule['judge'];
  const fields = new Map(KINDS.map(({ kind }) => [kind, typedFields(kind as KindName, holds)]));
  const kinds = [...fields].flatMap(([kind, at]) => (at.length > 0 ? [kind as KindName] : []));
  const readers = new Map([...fields].map(([kind, at]) => [kind, at.map(fieldReader)]));
  const [first = 'Database'] = kinds;
  const field = fields.get(first)?.[0] ?? [];
  const inCel = cel && celOf(first, holds, cel);
  return {
    id,
    holds,
    kinds,
    path: beforeEntries(field).join('.'),
    severity,
    on: 'write',
    why,
    remedy,
    ...(inCel !== undefined && { cel: inCel, celKinds: [first] }),
    values: { allowed, denied },
    allowed: allowed.map((value) => exampleAt(first, field, value)),
    denied: denied.map((value) => exampleAt(first, field, value)),
    judge,
    check: (object, _, context) => {
      const found: Found[] = [];
      for (const read of readers.get(object.kind) ?? []) {
        for (const { path, value } of read(object)) found.push(...judge(value, path, context));
      }
      return found;
    },
  };
}

/** Whether a rule is about a type. */
export function isTypeRule(rule: ObjectRule): rule is TypeRule {
  return 'holds' in rule;
}
