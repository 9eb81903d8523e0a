import { quoted } from '../generator/emit.ts';

const MARKS = { yaml: '# Rendered by Ballast from ', json: '{ "renderedBy": "Ballast from ' };
const AFTER_NAME = '. Do not edit: change the source and render again.';

/** Bytes of a file that contain the mark. */
export const MARK_BYTES = 64;
/** Bytes of a file that contain its first line, with the longest possible file name, escaped. */
export const HEADER_BYTES = 32 * 1024;

/** The first line of every file that Ballast writes: it marks the file as Ballast's and names its source. */
export function header(source: string, format: 'yaml' | 'json'): string {
  // A file name may contain any character; escaped, it stays on its line.
  const name = quoted(source).slice(1, -1);
  return `${MARKS[format]}${name}${AFTER_NAME}${format === 'json' ? '",' : ''}\n`;
}

/** Whether Ballast rendered a text, judged by its first bytes. */
export function isRendering(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, MARK_BYTES));
  return Object.values(MARKS).some((mark) => start.startsWith(mark));
}

/** The source of a rendered text, from its header: empty when the header is unreadable; undefined without a header. */
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
