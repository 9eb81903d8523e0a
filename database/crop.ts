import { isRecord } from './record.ts';

/** The limits on sizes in a JSON Schema. */
interface Bounds {
  readonly properties?: Readonly<Record<string, Bounds>>;
  readonly additionalProperties?: Bounds | false;
  readonly items?: Bounds;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  /** The long form of a field that has two. */
  readonly then?: Bounds;
}

/** A value of bounded size. */
export interface Cropped {
  readonly value: unknown;
  /** Number of omitted fields that the schema does not know. */
  readonly unknownFields: number;
}

/** Maximum number of unknown fields that are kept of one object. */
const MOST_UNKNOWN = 200;

/**
 * Cuts values that exceed their schema, so that a hostile object costs only as much as the schema allows: of a list or map one entry more
 * than the maximum stays, of unknown fields the first ones. A cut value still fails validation; other values are returned unchanged.
 */
export function cropped(schema: object, value: unknown): Cropped {
  let unknownFields = 0;

  /** The remaining entries of a record with too many names. */
  function fewer(whole: Record<string, unknown>, { properties, maxProperties }: Bounds): Record<string, unknown> {
    const entries = Object.entries(whole);
    if (!properties) return Object.fromEntries(entries.slice(0, (maxProperties ?? Infinity) + 1));
    const unknown = entries.map(([name]) => name).filter((name) => !Object.hasOwn(properties, name));
    const left = new Set(unknown.slice(MOST_UNKNOWN));
    unknownFields += left.size;
    return Object.fromEntries(entries.filter(([name]) => !left.has(name)));
  }

  function record(bounds: Bounds, whole: Record<string, unknown>): Record<string, unknown> {
    const { properties = {}, additionalProperties } = bounds;
    const names = Object.keys(whole);
    const isLarge = names.length > Math.min(bounds.maxProperties ?? Infinity, MOST_UNKNOWN);
    let small = isLarge ? fewer(whole, bounds) : whole;
    for (const name of isLarge ? Object.keys(small) : names) {
      const inner = whole[name];
      if (typeof inner !== 'object' || inner === null) continue;
      const child = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      const value = child ? cut(child, inner) : inner;
      if (value === inner) continue;
      if (small === whole) small = { ...whole };
      small[name] = value;
    }
    return small;
  }

  function cut(outer: Bounds, whole: unknown): unknown {
    const bounds = outer.then ?? outer;
    if (isRecord(whole)) return record(bounds, whole);
    if (!Array.isArray(whole)) return whole;
    const { items, maxItems = Infinity } = bounds;
    const list = whole.length > maxItems ? (whole as unknown[]).slice(0, maxItems + 1) : (whole as unknown[]);
    const small = items ? list.map((item) => cut(items, item)) : list;
    return small.length === whole.length && small.every((item, index) => item === whole[index]) ? whole : small;
  }

  return { value: cut(schema, value), unknownFields };
}
