import { isUtf16, tooLarge } from './files.ts';
import type { LocatedFinding } from './located.ts';
import { fileFinding } from './located.ts';

/** The text of a file, with what is odd about its bytes; no text when it cannot be read as UTF-8. */
export interface DecodedText {
  readonly text?: string;
  readonly findings: readonly LocatedFinding[];
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function placeOfBadByte(bytes: Uint8Array): { line: number; column: number } {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // The first byte that could not be read has become U+FFFD.
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\ufffd')));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** Decodes the bytes of a file. */
export function decodeText(file: string, bytes: Uint8Array): DecodedText {
  const large = tooLarge(file, bytes.length);
  if (large) return { findings: [large] };
  try {
    const text = strict.decode(bytes);
    if (!text.includes('\ufeff') && !text.includes('\r')) return { text, findings: [] };
    // YAML reads every kind of line end alike; with one kind left, places are the same for all.
    return { text: text.replace(/^\ufeff/gm, '').replace(/\r\n?/g, '\n'), findings: oddities(file, text) };
  } catch {
    const utf16 = isUtf16(bytes);
    const problem = utf16 ? 'must be UTF-8, not UTF-16' : 'must be UTF-8: there is a byte that is none';
    const place = utf16 ? {} : placeOfBadByte(bytes);
    return {
      findings: [fileFinding(file, { rule: 'file-encoding', problem, remedy: 'save the file as UTF-8', ...place })],
    };
  }
}

function oddities(file: string, text: string): LocatedFinding[] {
  const found: LocatedFinding[] = [];
  if (/^\ufeff/m.test(text)) {
    const problem = 'has a byte-order mark';
    const remedy = 'save the file as UTF-8 without one';
    found.push(fileFinding(file, { rule: 'file-byte-order-mark', severity: 'warning', problem, remedy }));
  }
  const carriageReturn = text.indexOf('\r');
  if (carriageReturn >= 0) {
    const column = carriageReturn + 1;
    const problem = 'has Windows line ends';
    const remedy = 'save the file with LF line ends, or add `* text=auto eol=lf` to .gitattributes';
    found.push(fileFinding(file, { rule: 'file-line-ends', severity: 'warning', problem, remedy, column }));
  }
  return found;
}
