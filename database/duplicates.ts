import type { Finding, Path } from './finding.ts';
import { moreFindings } from './finding.ts';
import { isRecord } from './record.ts';
import type { Schema } from './schema/schema.ts';

/** The identity of a list entry for the API server: its keys in a map, itself in a set. */
function identityOf({ 'x-kubernetes-list-map-keys': keys }: Schema, entry: unknown): string {
  return JSON.stringify(keys && isRecord(entry) ? keys.map((key) => entry[key]) : entry);
}

/** The indices of texts that occurred before. */
function repeatedIn(texts: readonly string[]): number[] {
  const first = new Map<string, number>();
  for (const [index, text] of texts.entries()) if (!first.has(text)) first.set(text, index);
  return [...texts.keys()].filter((index) => first.get(texts[index] ?? '') !== index);
}

/** Maximum number of repeated entries reported per list. */
const MOST_REPEATED = 100;

function inList(schema: Schema, list: readonly unknown[], path: Path): Finding[] {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [], items = {} } = schema;
  const inside = list.flatMap((entry, index) => duplicatesIn(items, entry, [...path, index]));
  if (type !== 'map' && type !== 'set') return inside;
  const repeated = repeatedIn(list.map((entry) => identityOf(schema, entry)));
  const what = keys.length > 0 ? `the ${keys.join(' and ')} of another entry` : 'the value of another entry';
  const own = repeated.slice(0, MOST_REPEATED).map((index): Finding => ({
    rule: 'schema-duplicate',
    severity: 'error',
    path: [...path, index],
    problem: `must not have ${what}`,
    remedy: 'put both into one entry, or remove one',
  }));
  const [first] = repeated.slice(MOST_REPEATED);
  if (first === undefined) return [...own, ...inside];
  const more = { ...moreFindings(repeated.length - MOST_REPEATED, 'error'), path: [...path, first] };
  return [...own, more, ...inside];
}

const unique = new WeakMap<Schema, boolean>();

/** Whether a schema contains lists with unique entries; most do not. */
function hasUniqueLists(schema: Schema): boolean {
  const known = unique.get(schema);
  if (known !== undefined) return known;
  const { 'x-kubernetes-list-type': type, properties = {}, items } = schema;
  const own = type === 'map' || type === 'set';
  const found = own || [...Object.values(properties), ...(items ? [items] : [])].some(hasUniqueLists);
  unique.set(schema, found);
  return found;
}

/** Entries of lists that the API server refuses because they repeat another entry. */
export function duplicatesIn(schema: Schema, value: unknown, path: Path): Finding[] {
  if (Array.isArray(value)) return inList(schema, value, path);
  if (!isRecord(value) || !hasUniqueLists(schema)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    duplicatesIn(child, value[name], [...path, name]),
  );
}
