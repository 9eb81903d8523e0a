import { printableLine } from '../database/printable-line.ts';

/**
 * Cuts a text to this many characters on one line, without control characters that a terminal would obey: for logs, events and statuses.
 */
export function printable(text: string, most: number): string {
  // Cut first: the escaped text is up to six times as long.
  const shown = printableLine(text.length > most ? text.slice(0, most) : text);
  return shown.length > most || text.length > most ? `${shown.slice(0, most)}…` : shown;
}

/** The same, but keeps the line breaks of lists of problems. */
export function printableLines(text: string, most: number): string {
  const shown = text.slice(0, most).split('\n').map(printableLine).join('\n');
  return shown.length > most || text.length > most ? `${shown.slice(0, most)}…` : shown;
}
