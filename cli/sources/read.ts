import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { SourceName, SourceText } from '../../review/source.ts';
import { mayHoldOurs } from '../../review/source.ts';
import { errorCode } from '../errors.ts';
import { isRendering } from '../header.ts';
import { unreadable } from './list.ts';

/** Maximum size of a file. */
const MAX_FILE_BYTES = 16 * 2 ** 20;
/** Size of the pieces in which a large file is searched, and their overlap. */
const PIECE_BYTES = 2 ** 20;
const OVERLAP_BYTES = 256;

/** The text of a foreign file, which has nothing to review. */
const NOTHING: SourceText = { text: '', findings: [] };

/** A finding that a file of this many bytes is too large; undefined when it is not. */
function tooLarge(file: string, size: number): LocatedFinding | undefined {
  if (size <= MAX_FILE_BYTES) return undefined;
  const problem = `must be at most ${MAX_FILE_BYTES / 2 ** 20} MiB, not ${Math.ceil(size / 2 ** 20)} MiB`;
  const remedy = 'split the file, or leave it out with --exclude';
  return fileFinding(file, { rule: 'file-too-large', problem, remedy });
}

/** Whether bytes begin with the byte order mark of UTF-16, in either order. */
function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Whether bytes may hold a Ballast object, judged by their words, also in UTF-16. */
function bytesMayHoldOurs(bytes: Uint8Array): boolean {
  return (
    isUtf16(bytes) || mayHoldOurs(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  );
}

function fileMayHoldOurs(path: string, size: number): boolean {
  const file = openSync(path, 'r');
  const piece = Buffer.alloc(PIECE_BYTES);
  try {
    for (let at = 0; at < size; at += PIECE_BYTES - OVERLAP_BYTES) {
      if (bytesMayHoldOurs(piece.subarray(0, readSync(file, piece, 0, PIECE_BYTES, at)))) return true;
    }
    return false;
  } finally {
    closeSync(file);
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function placeOfBadByte(bytes: Uint8Array): { line: number; column: number } {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // The first undecodable byte became U+FFFD.
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\ufffd')));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
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

/** Decodes the bytes of a file: its text, with findings about the bytes; no text when they are not UTF-8. */
function decodeText(file: string, bytes: Uint8Array): SourceText {
  try {
    const text = strict.decode(bytes);
    if (!text.includes('\ufeff') && !text.includes('\r')) return { text, findings: [] };
    // YAML treats all line breaks alike; with one kind left, lines and columns are the same for all of them.
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

/** The text of a source, when its size is within the limit. */
function decodeSource({ file, isNamed, isWhole }: SourceName, bytes: Uint8Array): SourceText | undefined {
  if (!isNamed && isRendering(bytes)) return undefined;
  const decoded = decodeText(file, bytes);
  return decoded.text === undefined && !isNamed && !isWhole && !bytesMayHoldOurs(bytes) ? NOTHING : decoded;
}

/** The text in these bytes; a finding instead when they are too many, or not text. */
export function textIn(file: string, bytes: Uint8Array): SourceText {
  const large = tooLarge(file, bytes.length);
  return large ? { findings: [large] } : decodeText(file, bytes);
}

/** Decodes a source from its bytes; undefined when it was found in a folder and Ballast rendered it. */
export function readBytes(source: SourceName, bytes: Uint8Array): SourceText | undefined {
  const large = tooLarge(source.file, bytes.length);
  return large ? { findings: [large] } : decodeSource(source, bytes);
}

/**
 * Reads a file; skips a large one without Ballast objects. Returns a finding instead of a text for an unreadable file, and undefined when
 * the file was found in a folder and Ballast rendered it.
 */
export function readSource(source: SourceName): SourceText | undefined {
  const { file, isNamed, isWhole } = source;
  try {
    const { size } = statSync(file);
    const large = tooLarge(file, size);
    if (large) return isNamed || isWhole || fileMayHoldOurs(file, size) ? { findings: [large] } : NOTHING;
    return decodeSource(source, readFileSync(file));
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return { findings: [unreadable(file, error)] };
  }
}
