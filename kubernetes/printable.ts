import { printableLine } from '../database/printable-line.ts';

/** A text of at most so many characters on one line, in which nothing obeys a terminal: for logs, events and statuses. */
export function printable(text: string, most: number): string {
  // Cut first: what is written out is up to six times as long.
  const shown = printableLine(text.length > most ? text.slice(0, most) : text);
  return shown.length > most || text.length > most ? `${shown.slice(0, most)}…` : shown;
}

/** The same with its lines kept, as lists of problems have them. */
export function printableLines(text: string, most: number): string {
  const shown = text.slice(0, most).split('\n').map(printableLine).join('\n');
  return shown.length > most || text.length > most ? `${shown.slice(0, most)}…` : shown;
}
