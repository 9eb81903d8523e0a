import type { Finding, Path } from './finding.ts';
import { isRecord } from './record.ts';
import type { Schema } from './schema/schema.ts';

/** What makes an entry of a list the same as another for the API server: its keys in a map, itself in a set. */
function identityOf({ 'x-kubernetes-list-map-keys': keys }: Schema, entry: unknown): string {
  return JSON.stringify(keys && isRecord(entry) ? keys.map((key) => entry[key]) : entry);
}

function inList(schema: Schema, list: readonly unknown[], path: Path): Finding[] {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [], items = {} } = schema;
  const inside = list.flatMap((entry, index) => duplicatesIn(items, entry, [...path, index]));
  if (type !== 'map' && type !== 'set') return inside;
  const identities = list.map((entry) => identityOf(schema, entry));
  const repeated = [...identities.keys()].filter((index) => identities.indexOf(identities[index] ?? '') < index);
  const what = keys.length > 0 ? `the ${keys.join(' and ')} of another entry` : 'the value of another entry';
  const own = repeated.map((index): Finding => ({
    rule: 'schema-duplicate',
    severity: 'error',
    path: [...path, index],
    problem: `must not have ${what}`,
    remedy: 'put both into one entry, or remove one',
  }));
  return [...own, ...inside];
}

const unique = new WeakMap<Schema, boolean>();

/** Whether there is anything to look for in a schema; most have no such list. */
function hasUniqueLists(schema: Schema): boolean {
  const known = unique.get(schema);
  if (known !== undefined) return known;
  const { 'x-kubernetes-list-type': type, properties = {}, items } = schema;
  const own = type === 'map' || type === 'set';
  const found = own || [...Object.values(properties), ...(items ? [items] : [])].some(hasUniqueLists);
  unique.set(schema, found);
  return found;
}

/** Entries of lists that the API server refuses because another entry is the same. */
export function duplicatesIn(schema: Schema, value: unknown, path: Path): Finding[] {
  if (Array.isArray(value)) return inList(schema, value, path);
  if (!isRecord(value) || !hasUniqueLists(schema)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    duplicatesIn(child, value[name], [...path, name]),
  );
}
