import type { Path } from '../finding.ts';
import { isRecord } from '../record.ts';
import type { Schema, ValueType } from './schema.ts';

/** The path of a field in a schema: the names of fields, outermost first, `*` for each entry of a list or a map. */
export type FieldPath = readonly string[];

/** Each entry of a list or a map. */
export const EACH = '*';

/** The schemas directly below one, by field name. */
function childrenOf({ properties = {}, items, additionalProperties }: Schema): (readonly [string, Schema])[] {
  const entries = items ?? additionalProperties;
  return [...Object.entries(properties), ...(entries ? [[EACH, entries] as const] : [])];
}

/** Every field of a type in a schema, in the order of the schema. */
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

/** The value below these names of fields; undefined where one of them is absent, or has its short form. */
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
 * Makes a reader of a field, which returns the values in an object: none where the field is absent or a short form is above it. Rules
 * read each of their fields in each object, so an absent one must cost almost nothing.
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

/** Whether CEL can name a field: not below one with two forms, and not an entry of a list or map. */
export function isInCel(schema: Schema, [name, ...rest]: FieldPath): boolean {
  const child = name === undefined ? undefined : schema.properties?.[name];
  if (!child || child.shortForm) return false;
  return rest.length === 0 || isInCel(child, rest);
}

/** Values for required companions of a field, so that an example has no other fault. */
const SOUND: Readonly<Partial<Record<ValueType, unknown>>> = {
  destination: 's3://backups/orders',
  'volume-size': '10Gi',
  'address-range': '10.0.0.0/8',
  schedule: '0 2 * * *',
};

function soundValue({ enum: words, holds, items }: Schema): unknown {
  if (items) return [soundValue(items)];
  return words?.[0] ?? (holds && SOUND[holds]) ?? 'orders';
}

/** A valid value of the schema with one value at a field: besides it only required fields, and a destination for backups. */
export function laidAt(schema: Schema, [name, ...rest]: FieldPath, value: unknown): unknown {
  if (name === undefined) return value;
  const { items, additionalProperties, properties = {}, required = [] } = schema;
  if (name === EACH && items) return [laidAt(items, rest, value)];
  if (name === EACH && additionalProperties) return { orders: laidAt(additionalProperties, rest, value) };
  // A restore point is valid only with the backup that it comes after.
  const needed = properties[name]?.holds === 'target-name' ? ['destination', 'backup-name'] : ['destination'];
  const beside = Object.entries(properties).filter(
    ([other, { holds = '' }]) => other !== name && (required.includes(other) || needed.includes(holds)),
  );
  const sound = Object.fromEntries(beside.map(([other, child]) => [other, soundValue(child)]));
  return { ...sound, [name]: laidAt(properties[name] ?? {}, rest, value) };
}
