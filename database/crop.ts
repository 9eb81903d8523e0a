import { isRecord } from './record.ts';

/** What a JSON Schema says about sizes. */
interface Bounds {
  readonly properties?: Readonly<Record<string, Bounds>>;
  readonly additionalProperties?: Bounds | false;
  readonly items?: Bounds;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  /** The long form of a field that has two. */
  readonly then?: Bounds;
}

/** A value that is small enough to be looked into. */
export interface Cropped {
  readonly value: unknown;
  /** How many fields were left out that the schema does not know. */
  readonly unknownFields: number;
}

/** More unknown fields in one object nobody reads about. */
const MOST_UNKNOWN = 200;

/**
 * Cuts what is larger than its schema allows, so that a hostile object costs what the schema allows and not what was
 * sent: of a list or a map one entry more than it may have is left, of unknown fields the first. Whatever was cut is
 * still wrong; anything else is given as it is.
 */
export function cropped(schema: object, value: unknown): Cropped {
  let unknownFields = 0;

  function namesLeft(names: string[], { properties, maxProperties = Infinity }: Bounds): string[] {
    if (!properties) return names.length > maxProperties + 1 ? names.slice(0, maxProperties + 1) : names;
    if (names.length <= MOST_UNKNOWN) return names;
    const unknown = names.filter((name) => !Object.hasOwn(properties, name)).slice(MOST_UNKNOWN);
    unknownFields += unknown.length;
    const left = new Set(unknown);
    return left.size === 0 ? names : names.filter((name) => !left.has(name));
  }

  function record(bounds: Bounds, whole: Record<string, unknown>): Record<string, unknown> {
    const { properties = {}, additionalProperties } = bounds;
    const names = Object.keys(whole);
    const left = namesLeft(names, bounds);
    let small = left === names ? whole : Object.fromEntries(left.map((name) => [name, whole[name]]));
    for (const name of left) {
      const child = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      const value = child ? cut(child, whole[name]) : whole[name];
      if (value === whole[name]) continue;
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
    const list = (whole as unknown[]).slice(0, maxItems + 1);
    const kept = items ? list.map((item) => cut(items, item)) : list;
    return kept.length === whole.length && kept.every((item, index) => item === whole[index]) ? whole : kept;
  }

  return { value: cut(schema, value), unknownFields };
}
