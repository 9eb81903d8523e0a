import { EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents } from 'js-yaml';
import type { Path } from '../finding.ts';
import { MAX_DEPTH } from './yaml.ts';

/** A place in a text: line and column from 1, and the offset in characters from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A value in a YAML text: where it begins, where its key does, and its source when it is an unquoted scalar. */
export interface Located extends Place {
  readonly key: Place;
  readonly unquoted?: string;
}

type Events = ReturnType<typeof parseEvents>;
type Event = Events[number];

interface Node {
  readonly event: Event;
  /** Index of the event after this node. */
  readonly end: number;
}

function isCollection({ type }: Event): boolean {
  return type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE || type === EVENT_ID.DOCUMENT;
}

function nodeAt(events: Events, index: number): Node | undefined {
  const event = events[index];
  if (!event) return undefined;
  let end = index + 1;
  for (let open = isCollection(event) ? 1 : 0; open > 0; end += 1) {
    const inner = events[end];
    if (!inner) return undefined;
    if (inner.type === EVENT_ID.POP) open -= 1;
    else if (isCollection(inner)) open += 1;
  }
  return { event, end };
}

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) {
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return event.valueStart - (quoted ? 1 : 0);
  }
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart - 1 : 0;
}

/** The child of a collection, as indices of its key and its value. */
function childOf(text: string, events: Events, parent: number, part: string | number): [number, number] | undefined {
  const mapping = events[parent]?.type === EVENT_ID.MAPPING;
  if (mapping === (typeof part === 'number')) return undefined;
  let position = 0;
  for (let index = parent + 1; events[index] && events[index]?.type !== EVENT_ID.POP; position += 1) {
    const key = nodeAt(events, index);
    if (!key) return undefined;
    if (!mapping) {
      if (position === part) return [index, index];
      index = key.end;
      continue;
    }
    const value = nodeAt(events, key.end);
    if (!value) return undefined;
    if (key.event.type === EVENT_ID.SCALAR && getScalarValue(text, key.event) === part) return [index, key.end];
    index = value.end;
  }
  return undefined;
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n'), offset };
}

function documentStart(events: Events, document: number): number | undefined {
  let index = 0;
  for (let seen = 0; seen < document; seen += 1) index = nodeAt(events, index)?.end ?? events.length;
  return events[index + 1] ? index + 1 : undefined;
}

/**
 * Finds where a path stands in a text: a scalar at its value, anything else at its key. A path that is absent, or
 * comes from an alias or a merge, is found at its nearest ancestor that is there. The text must be valid YAML.
 */
export function locate(text: string, document: number, path: Path): Located {
  const events = parseEvents(text, { maxDepth: MAX_DEPTH });
  const root = documentStart(events, document);
  if (root === undefined) return atKey(placeOf(text, 0));
  let key = root;
  let value = root;
  for (const part of path) {
    const child = childOf(text, events, value, part);
    if (!child) break;
    [key, value] = child;
  }
  const event = events[value];
  const above = events[key];
  if (!event || !above) return atKey(placeOf(text, 0));
  const keyPlace = placeOf(text, startOf(above));
  if (event.type !== EVENT_ID.SCALAR || event.valueStart < 0 || isTextBlock(event.style)) return atKey(keyPlace);
  const place = { ...placeOf(text, startOf(event)), key: keyPlace };
  return event.style === SCALAR_STYLE.PLAIN
    ? { ...place, unquoted: text.slice(event.valueStart, event.valueEnd) }
    : place;
}

const atKey = (place: Place): Located => ({ ...place, key: place });

/** Whether a scalar is a block of text, whose indicator stands on the line of its key. */
function isTextBlock(style: number): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
}
