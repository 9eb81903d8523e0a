import type { Finding, Path } from '../database/finding.ts';
import { PathMap } from '../database/paths.ts';
import { findTraps } from '../database/read/traps.ts';
import type { YamlText } from '../database/read/yaml.ts';

/** A value that may be an object, with its place: a document, or an item of a List. */
export interface Item {
  readonly value: unknown;
  readonly document: number;
  readonly base: readonly (string | number)[];
}

/** The objects of a document: the document itself, or the items of a List, which may be Lists again. */
export function itemsOf(value: unknown, document: number, base: Item['base'] = []): Item[] {
  const list = value as { kind?: unknown; apiVersion?: unknown; items?: unknown } | null;
  const isList = typeof list?.kind === 'string' && list.kind.endsWith('List') && Array.isArray(list.items);
  if (!isList) return [{ value, document, base }];
  return (list.items as unknown[]).flatMap((item, index) => itemsOf(item, document, [...base, 'items', index]));
}

/** Returns a function that finds the item which contains a path of a document. */
function itemFinder(items: readonly Item[]): (document: number, path: Path) => Item | undefined {
  const places = new Map<number, PathMap<Item>>();
  for (const item of items) {
    const known = places.get(item.document) ?? new PathMap();
    places.set(item.document, known);
    known.add(item.base, item);
  }
  return (document, path) => places.get(document)?.above(path);
}

/** The YAML traps in each item, with paths from the item itself. */
export function trapsIn(items: readonly Item[], text: string, yaml: YamlText): Map<Item, Finding[]> {
  let finder: ReturnType<typeof itemFinder> | undefined;
  const itemAt = (document: number, path: Path): Item | undefined => (finder ??= itemFinder(items))(document, path);
  const found = new Map<Item, Finding[]>();
  for (const { document, finding } of findTraps(text, yaml, (...place) => itemAt(...place) !== undefined)) {
    const item = itemAt(document, finding.path);
    if (!item) continue;
    const known = found.get(item) ?? [];
    found.set(item, known);
    known.push({ ...finding, path: finding.path.slice(item.base.length) });
  }
  return found;
}
