import { EVENT_ID, SCALAR_STYLE, getScalarValue } from 'js-yaml';
import type { Path } from '../finding.ts';
import type { YamlEvents } from './yaml.ts';

/** An unquoted scalar: its document, its path, and its source. */
export interface Unquoted {
  readonly document: number;
  readonly path: Path;
  readonly source: string;
}

interface Open {
  readonly mapping: boolean;
  readonly path: Path;
  /** The key of the next value, or the index of the next item. */
  next: string | number | undefined;
}

function step(open: Open | undefined): Path {
  if (!open) return [];
  const { path, next } = open;
  return next === undefined ? path : [...path, next];
}

function advance(open: Open | undefined): void {
  if (!open) return;
  if (open.mapping) open.next = undefined;
  else if (open.next !== undefined) open.next = Number(open.next) + 1;
}

function plainSource(text: string, event: YamlEvents[number]): string | undefined {
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return undefined;
  return text.slice(event.valueStart, event.valueEnd);
}

/** The unquoted scalars of a certain form among the values of a text, without keys. */
export function* unquotedScalars(text: string, events: YamlEvents, form: RegExp): Generator<Unquoted> {
  const stack: Open[] = [];
  let document = -1;
  for (const event of events) {
    const open = stack.at(-1);
    if (event.type === EVENT_ID.DOCUMENT) {
      document += 1;
      stack.push({ mapping: false, path: [], next: undefined });
    } else if (event.type === EVENT_ID.POP) {
      stack.pop();
      advance(stack.at(-1));
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const mapping = event.type === EVENT_ID.MAPPING;
      stack.push({ mapping, path: step(open), next: mapping ? undefined : 0 });
    } else if (open?.mapping && open.next === undefined) {
      open.next = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '*';
    } else {
      const source = plainSource(text, event);
      if (source !== undefined && form.test(source)) yield { document, path: step(open), source };
      advance(open);
    }
  }
}
