import { isRecord } from './record.ts';
import type { Schema } from './schema/schema.ts';

function fillRecord(schema: Schema, record: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = schema;
  const entries = Object.entries(record).filter(([, value]) => value !== null);
  const filled: Record<string, unknown> = Object.fromEntries(
    entries.map(([name, value]) => {
      const child = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, child ? applyDefaults(child, value) : value];
    }),
  );
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
