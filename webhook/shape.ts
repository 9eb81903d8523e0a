/** How much a JSON text holds, before anything is made of it. */
export interface Shape {
  /** Values, at least: those in lists and objects. */
  readonly values: number;
  /** How deep lists and objects are nested. */
  readonly depth: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Where the string that begins here ends. */
function endOfString(text: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Looks over a JSON text, in one pass and without memory of its own. What is no JSON gives some numbers or other. */
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
