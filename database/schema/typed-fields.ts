import type { Path } from '../finding.ts';
import { isRecord } from '../record.ts';
import type { Schema, ValueType } from './schema.ts';

/** Where a field stands in a schema: the names of fields from the outermost on, `*` for each entry of a list or a map. */
export type FieldPath = readonly string[];

/** Each entry of a list or a map. */
export const EACH = '*';

/** The schemas directly below one, by the name of their field. */
function childrenOf({ properties = {}, items, additionalProperties }: Schema): (readonly [string, Schema])[] {
  const entries = items ?? additionalProperties;
  return [...Object.entries(properties), ...(entries ? [[EACH, entries] as const] : [])];
}

/** Every field of a schema that holds values of the type, in the order of the schema. */
export function fieldsHolding(schema: Schema, type: ValueType): FieldPath[] {
  return childrenOf(schema).flatMap(([name, child]) => [
    ...(child.holds === type ? [[name]] : []),
    ...fieldsHolding(child, type).map((below) => [name, ...below]),
  ]);
}

/** A value at a field of an object. */
export interface ValueAt {
  readonly path: Path;
  readonly value: unknown;
}

const NOTHING: readonly ValueAt[] = [];

/** What an object has below names of fields; undefined where one of them is absent, or a short form stands there. */
function below(value: unknown, names: readonly string[]): unknown {
  let at = value;
  for (const name of names) {
    if (!isRecord(at)) return undefined;
    at = at[name];
  }
  return at;
}

function entriesOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item]);
  return isRecord(value) ? Object.entries(value) : [];
}

/**
 * Makes the reader of a field: it gives what an object has there, nothing where it is absent or a short form stands above
 * it. Rules ask each object for each of their fields, so that an absent one has to cost next to nothing.
 */
export function fieldReader(field: FieldPath): (value: unknown) => readonly ValueAt[] {
  const each = field.indexOf(EACH);
  const names = each < 0 ? field : field.slice(0, each);
  const rest = each < 0 ? undefined : fieldReader(field.slice(each + 1));
  return (value) => {
    const found = below(value, names);
    if (found === undefined) return NOTHING;
    if (!rest) return [{ path: names, value: found }];
    return entriesOf(found).flatMap(([part, entry]) =>
      rest(entry).map((one) => ({ path: [...names, part, ...one.path], value: one.value })),
    );
  };
}

/** Whether CEL can name a field: not below one that has two forms, nor one that is an entry. */
export function isInCel(schema: Schema, [name, ...rest]: FieldPath): boolean {
  const child = name === undefined ? undefined : schema.properties?.[name];
  if (!child || child.shortForm) return false;
  return rest.length === 0 || isInCel(child, rest);
}

/** Values for what must stand beside a field, so that an example of it has no other mistake. */
const SOUND: Readonly<Partial<Record<ValueType, unknown>>> = {
  destination: 's3://backups/orders',
  'volume-size': '10Gi',
  'address-range': '10.0.0.0/8',
};

function soundValue({ enum: words, holds }: Schema): unknown {
  return words?.[0] ?? (holds && SOUND[holds]) ?? 'orders';
}

/** A value of the schema with one value at a field: beside it only what is required, and a place for backups. */
export function laidAt(schema: Schema, [name, ...rest]: FieldPath, value: unknown): unknown {
  if (name === undefined) return value;
  const { items, additionalProperties, properties = {}, required = [] } = schema;
  if (name === EACH && items) return [laidAt(items, rest, value)];
  if (name === EACH && additionalProperties) return { orders: laidAt(additionalProperties, rest, value) };
  const beside = Object.entries(properties).filter(
    ([other, { holds }]) => other !== name && (required.includes(other) || holds === 'destination'),
  );
  const sound = Object.fromEntries(beside.map(([other, child]) => [other, soundValue(child)]));
  return { ...sound, [name]: laidAt(properties[name] ?? {}, rest, value) };
}
