/** The size of a JSON text before parsing. */
export interface Shape {
  /** Number of values in lists and objects, at least. */
  readonly values: number;
  /** Nesting depth of lists and objects. */
  readonly depth: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The end of the string that starts here. */
function endOfString(text: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Scans a JSON text in one pass without allocating. The numbers mean nothing for a text that is not JSON. */
export function shapeOf(text: Uint8Array): Shape {
  let [values, depth, deepest] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === QUOTE) at = endOfString(text, at);
    else if (byte === COMMA) values += 1;
    else if (OPENING.has(byte)) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return { values, depth: deepest };
}
