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

function entriesOf(value: unknown, name: string): (readonly [string | number, unknown])[] {
  if (name !== EACH) return isRecord(value) && Object.hasOwn(value, name) ? [[name, value[name]]] : [];
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item]);
  return isRecord(value) ? Object.entries(value) : [];
}

/** What an object has at a field: nothing where it is absent, or where a short form stands above it. */
export function valuesAt(value: unknown, [name, ...rest]: FieldPath, at: Path = []): ValueAt[] {
  if (name === undefined) return value === undefined ? [] : [{ path: at, value }];
  return entriesOf(value, name).flatMap(([part, child]) => valuesAt(child, rest, [...at, part]));
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
