import { isRecord } from './record.ts';
import type { Schema } from './schema/schema.ts';

/** Fills a record; returns the record itself when there is nothing to fill, which is always so in a cluster. */
function fillRecord(schema: Schema, record: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = schema;
  let filled = record;
  const change = (name: string, value: unknown): void => {
    // Spreading treats a key named __proto__ as an ordinary key.
    if (filled === record) filled = { ...record };
    if (value === null) Reflect.deleteProperty(filled, name);
    else filled[name] = value;
  };
  for (const [name, value] of Object.entries(record)) {
    const child = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const own = child && value !== null ? applyDefaults(child, value) : value;
    if (own === null || own !== value) change(name, own);
  }
  for (const [name, child] of Object.entries(properties)) {
    if (child.default !== undefined && filled[name] === undefined) change(name, child.default);
  }
  return filled;
}

/**
 * Fills absent fields with their static defaults, as the API server does from the same schema: never a field that the user wrote, never
 * inside an absent object. A null counts as absent. The value itself is not changed.
 */
export function applyDefaults(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    const filled = items ? value.map((item: unknown) => applyDefaults(items, item)) : value;
    return filled.some((item, index) => item !== value[index]) ? filled : value;
  }
  return isRecord(value) && schema.type === 'object' ? fillRecord(schema, value) : value;
}
