import { isRecord } from './record.ts';
import type { Schema } from './schema/schema.ts';

function fillRecord(schema: Schema, record: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = schema;
  // Spreading takes a key named __proto__ for what it is: a key.
  const filled: Record<string, unknown> = { ...record };
  for (const name of Object.keys(record)) {
    const child = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (record[name] === null) Reflect.deleteProperty(filled, name);
    else if (child) filled[name] = applyDefaults(child, record[name]);
  }
  for (const [name, child] of Object.entries(properties)) {
    if (child.default !== undefined && filled[name] === undefined) filled[name] = child.default;
  }
  return filled;
}

/**
 * Fills absent fields with their static defaults, as the API server does from the same schema: never a field that was
 * written, never inside an object that is absent. A null counts as absent. The value itself is not changed.
 */
export function applyDefaults(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item: unknown) => applyDefaults(items, item)) : value;
  }
  return isRecord(value) && schema.type === 'object' ? fillRecord(schema, value) : value;
}
