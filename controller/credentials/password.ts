import { randomInt } from 'node:crypto';
import { Confidential } from './confidential.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ALPHABET = `${LETTERS}0123456789`;
/** Each character is 5.95 bits: 190 in all. */
const LENGTH = 32;

/**
 * Makes a password of letters and digits, so that a URI, a shell, YAML, SQL or a pgpass file needs no escaping; it begins with a letter,
 * so that no parser takes it for a number or an option.
 */
export function makePassword(): Confidential {
  const pick = (from: string): string => from.charAt(randomInt(from.length));
  return new Confidential(pick(LETTERS) + Array.from({ length: LENGTH - 1 }, () => pick(ALPHABET)).join(''));
}
