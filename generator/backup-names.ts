import { trimEnd } from '../database/trim.ts';
import { fingerprint } from './fingerprint.ts';

/** Most characters of the name of a DatabaseBackup (policies/rules/name-valid.ts). */
const LONGEST_NAME = 40;
const HASH_LENGTH = 6;
/** An end that is longer is replaced by its fingerprint. */
const LONGEST_END = 24;

const hashOf = (text: string): string => fingerprint(text).slice(0, HASH_LENGTH);

/** The name of the Database and an end, within the length of a name: a long name is cut, and told apart by a fingerprint. */
function named(database: string, end: string): string {
  const whole = `${database}-${end}`;
  if (whole.length <= LONGEST_NAME) return whole;
  const room = LONGEST_NAME - end.length - HASH_LENGTH - 2;
  return `${trimEnd(database.slice(0, room), '-')}-${hashOf(database)}-${end}`;
}

/** Names of the DatabaseBackups that the controller makes: the same for the same reason, so that none is made twice. */
export const backupNames = {
  /** The first backup in a repository, by the fingerprint of that. */
  first: (database: string, repository: string): string => named(database, `first-${repository.slice(0, HASH_LENGTH)}`),
  /** The backup that the annotation of a Database asks for, by its value. */
  requested: (database: string, value: string): string => named(database, `request-${hashOf(value)}`),
  /** A backup that nobody asked for by an object, by the last part of its label. */
  recorded: (database: string, label: string): string => {
    const last = label.slice(label.lastIndexOf('_') + 1).toLowerCase();
    const isLegal = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(last) && last.length <= LONGEST_END;
    return named(database, isLegal ? last : fingerprint(label));
  },
} as const;
