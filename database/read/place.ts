import { EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents } from 'js-yaml';
import type { Path } from '../finding.ts';
import type { YamlEvents } from './yaml.ts';
import { MAX_DEPTH } from './yaml.ts';

/** A place in a text: line and column from 1, and the offset in characters from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A value in a YAML text: its start, the start of its key, and its source when it is an unquoted scalar. */
export interface Located extends Place {
  readonly key: Place;
  readonly unquoted?: string;
}

type Event = YamlEvents[number];

/** A key and its value, or a list entry twice, as indices of events. */
type Child = readonly [key: number, value: number];

function isCollection({ type }: Event): boolean {
  return type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE || type === EVENT_ID.DOCUMENT;
}

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) {
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return event.valueStart - (quoted ? 1 : 0);
  }
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart - 1 : 0;
}

/** Whether a scalar is a block scalar, whose indicator is on the line of its key. */
function isTextBlock(style: number): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
}

/** The offsets of line starts. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last of the ascending starts that is not beyond the offset. */
function lastUpTo(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** The events of a text as a tree. Every part is computed once, on first use. */
class Events {
  readonly #text: string;
  readonly #list: YamlEvents;
  /** For each event that opens a node, the index of the event after that node. */
  readonly #ends: Int32Array;
  readonly #fields = new Map<number, ReadonlyMap<string, Child>>();
  readonly #entries = new Map<number, readonly number[]>();
  /** The start of each document's value; undefined for an empty one. */
  readonly roots: (number | undefined)[] = [];

  constructor(text: string, list: YamlEvents) {
    this.#text = text;
    this.#list = list;
    this.#ends = new Int32Array(this.#list.length);
    const open: number[] = [];
    for (const [index, event] of this.#list.entries()) {
      if (event.type === EVENT_ID.DOCUMENT) this.roots.push(this.#list[index + 1] ? index + 1 : undefined);
      if (event.type === EVENT_ID.POP) this.#ends[open.pop() ?? 0] = index + 1;
      else if (isCollection(event)) open.push(index);
      else this.#ends[index] = index + 1;
    }
  }

  at(index: number): Event | undefined {
    return this.#list[index];
  }

  /** The child of a collection by its name or its index. */
  child(parent: number, part: string | number): Child | undefined {
    const type = this.at(parent)?.type;
    if (typeof part === 'string') {
      return type === EVENT_ID.MAPPING
        ? known(this.#fields, parent, () => this.#fieldsOf(parent)).get(part)
        : undefined;
    }
    if (type !== EVENT_ID.SEQUENCE) return undefined;
    const entry = known(this.#entries, parent, () => this.#nodesIn(parent))[part];
    return entry === undefined ? undefined : [entry, entry];
  }

  /** The nodes directly below a collection: the entries of a list, or keys and values alternating. */
  #nodesIn(parent: number): number[] {
    const nodes: number[] = [];
    let index = parent + 1;
    while (index < this.#list.length && this.at(index)?.type !== EVENT_ID.POP) {
      nodes.push(index);
      index = this.#ends[index] ?? Infinity;
    }
    return nodes;
  }

  #fieldsOf(parent: number): ReadonlyMap<string, Child> {
    const fields = new Map<string, Child>();
    const nodes = this.#nodesIn(parent);
    for (let at = 0; at + 1 < nodes.length; at += 2) {
      const [key = 0, value = 0] = [nodes[at], nodes[at + 1]];
      const event = this.at(key);
      const name = event?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, event) : undefined;
      if (name !== undefined && !fields.has(name)) fields.set(name, [key, value]);
    }
    return fields;
  }
}

/** The value of a map for a key, computed on first use. */
function known<T>(map: Map<number, T>, key: number, work: () => T): T {
  const found = map.get(key) ?? work();
  map.set(key, found);
  return found;
}

/** Finds places in one text, which is parsed once, whatever the number of lookups. */
export class Places {
  readonly #text: string;
  readonly #list: YamlEvents | undefined;
  #events: Events | undefined;
  #lines: readonly number[] | undefined;

  /** The text must be valid YAML; its events are parsed unless they are given. */
  constructor(text: string, events?: YamlEvents) {
    this.#text = text;
    this.#list = events;
  }

  /**
   * Finds the place of a path in a document: a scalar at its value, anything else at its key. A path that is absent, or comes from an
   * alias or a merge, is found at its nearest present ancestor.
   */
  find(document: number, path: Path): Located {
    const events = (this.#events ??= new Events(
      this.#text,
      this.#list ?? parseEvents(this.#text, { maxDepth: MAX_DEPTH }),
    ));
    const root = events.roots[document];
    if (root === undefined) return atKey(this.#placeOf(0));
    let [key, value] = [root, root];
    for (const part of path) {
      const child = events.child(value, part);
      if (!child) break;
      [key, value] = child;
    }
    const [above, event] = [events.at(key), events.at(value)];
    if (!event || !above) return atKey(this.#placeOf(0));
    const start = startOf(above);
    // An empty key has no place.
    const keyPlace = this.#placeOf(start >= 0 ? start : Math.max(0, startOf(event)));
    if (event.type !== EVENT_ID.SCALAR || event.valueStart < 0 || isTextBlock(event.style)) return atKey(keyPlace);
    const place = { ...this.#placeOf(startOf(event)), key: keyPlace };
    return event.style === SCALAR_STYLE.PLAIN
      ? { ...place, unquoted: this.#text.slice(event.valueStart, event.valueEnd) }
      : place;
  }

  #placeOf(offset: number): Place {
    const lines = (this.#lines ??= lineStarts(this.#text));
    const line = lastUpTo(lines, offset);
    return { line: line + 1, column: offset - (lines[line] ?? 0) + 1, offset };
  }
}

const atKey = (place: Place): Located => ({ ...place, key: place });
