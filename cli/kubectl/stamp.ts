import { trimEnd } from '../../database/trim.ts';

/** The longest name of an object of Ballast's. */
const LONGEST_NAME = 40;

/** A name for an object about a Database that is made now: its name, cut where needed, and the second. */
export function stampedName(database: string, what: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const end = `${what === '' ? '' : `-${what}`}-${stamp}`;
  return trimEnd(database.slice(0, LONGEST_NAME - end.length), '-') + end;
}
