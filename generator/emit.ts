import type { Json } from '../database/json.ts';
import { trimEnd } from '../database/trim.ts';

/** Text that every YAML parser, 1.1 or 1.2, reads as this string without quotes. */
const PLAIN = /^[A-Za-z/$][A-Za-z0-9_./$@=+%-]*(?:[ :][A-Za-z0-9_./$@=+(-][A-Za-z0-9_./$@=+%()-]*)*$/;
/** Words that some parser reads as another type than text. */
const READ_AS_OTHER = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|infinity)$/i;
/** Text that a block scalar cannot carry: control characters, or a line that starts with white space only. */
const NOT_IN_BLOCK =
  // eslint-disable-next-line no-control-regex -- the characters that a block cannot hold
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|^[ \n]|[ ](?:\n|$)/;

function isPlain(text: string): boolean {
  if (text.length > 200 || !PLAIN.test(text)) return false;
  // A colon before a space or at the end would make it a key.
  return !text.includes(': ') && !text.endsWith(':') && !READ_AS_OTHER.test(text);
}

/** Quotes a text on one line, for every parser. */
export function quoted(text: string): string {
  // JSON text is YAML text once characters are escaped that YAML 1.1 takes for line breaks or forbids.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function block(text: string, indent: string): string | undefined {
  if (!text.includes('\n') || NOT_IN_BLOCK.test(text)) return undefined;
  const body = trimEnd(text, '\n');
  const ends = text.length - body.length;
  if (body === '' || ends > 1) return undefined;
  const lines = body.replaceAll(/\n(?!\n|$)/g, `\n${indent}`);
  return `${ends === 1 ? '|' : '|-'}\n${indent}${lines}`;
}

function scalar(value: string | number | boolean | null, indent: string): string {
  // In YAML 1.1 a number with an exponent needs a point.
  if (typeof value !== 'string') return String(value).replace(/^(-?[0-9]+)e/, '$1.0e');
  if (isPlain(value)) return value;
  return block(value, indent) ?? quoted(value);
}

function isScalar(value: Json): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function emitList(list: readonly Json[], indent: string): string {
  let text = '';
  for (const item of list) {
    // A map in a list starts on the line of its hyphen.
    const body = isScalar(item) ? ` ${scalar(item, `${indent}  `)}\n` : emitBelow(item, `${indent}  `, true);
    text += `${indent}-${body}`;
  }
  return text;
}

function emitMap(map: { readonly [name: string]: Json | undefined }, indent: string): string {
  let text = '';
  for (const name in map) {
    const value = map[name];
    if (value === undefined) continue;
    const key = isPlain(name) ? name : quoted(name);
    text += isScalar(value)
      ? `${indent}${key}: ${scalar(value, `${indent}  `)}\n`
      : `${indent}${key}:${emitBelow(value, indent)}`;
  }
  return text;
}

/** The text after a key or a hyphen when the value is a list or a map. */
function emitBelow(value: Exclude<Json, string | number | boolean | null>, indent: string, inItem = false): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []\n';
    return `\n${emitList(value as readonly Json[], indent)}`;
  }
  const text = emitMap(value as { readonly [name: string]: Json | undefined }, inItem ? indent : `${indent}  `);
  if (text === '') return ' {}\n';
  return inItem ? ` ${text.slice(indent.length)}` : `\n${text}`;
}

/**
 * Writes an object as one YAML document in block style, without the leading `---`. The text is the same on every machine, and YAML 1.1
 * and 1.2 parsers read the same from it. Ten times faster than a library that preserves comments, so that thousands of databases render
 * in a second (docs/decisions/0004-rendering.md).
 */
export function emitYaml(document: { readonly [name: string]: Json | undefined }): string {
  return emitMap(document, '') || '{}\n';
}
