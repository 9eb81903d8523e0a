import { quoted } from '../generator/emit.ts';

const MARKS = { yaml: '# Rendered by Ballast from ', json: '{ "renderedBy": "Ballast from ' };
const AFTER_NAME = '. Do not edit: change the source and render again.';

/** Bytes of a file that hold the mark. */
export const MARK_BYTES = 64;
/** Bytes of a file that hold its first line, with the longest name that a file can have, escaped. */
export const HEADER_BYTES = 32 * 1024;

/** The first line of every file that Ballast writes: by it Ballast knows which files are its own, and of which source. */
export function header(source: string, format: 'yaml' | 'json'): string {
  // A file's name may hold anything; in a comment or a text it must stay on its line.
  const name = quoted(source).slice(1, -1);
  return `${MARKS[format]}${name}${AFTER_NAME}${format === 'json' ? '",' : ''}\n`;
}

/** Whether a text is one that Ballast rendered, by its first bytes. */
export function isRendering(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, MARK_BYTES));
  return Object.values(MARKS).some((mark) => start.startsWith(mark));
}

/** What a text was rendered from, by its header: empty when the header says nothing that can be read; undefined when it has none. */
export function sourceInHeader(text: string): string | undefined {
  const [line = ''] = text.split('\n', 1);
  const mark = Object.values(MARKS).find((one) => line.startsWith(one));
  if (mark === undefined) return undefined;
  const end = line.lastIndexOf(AFTER_NAME);
  try {
    return end < mark.length ? '' : (JSON.parse(`"${line.slice(mark.length, end)}"`) as string);
  } catch {
    return '';
  }
}
