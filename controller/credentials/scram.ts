import { createHmac, hash, pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from '@mongodb-js/saslprep';
import { Confidential } from './confidential.ts';

/** The parameters of a verifier besides the password. */
export interface ScramOptions {
  readonly salt: Buffer;
  readonly iterations: number;
}

const derive = promisify(pbkdf2);

/** PostgreSQL's own salt length. */
const SALT_BYTES = 16;
const ITERATIONS = 4096;
const KEY_BYTES = 32;
/** A higher count would let one row of a table keep the controller busy for seconds. */
const MOST_ITERATIONS = 1_000_000;

const VERIFIER = /^SCRAM-SHA-256\$(\d{1,7}):([A-Za-z0-9+/]+={0,2})\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/;

/**
 * Prepares a password by RFC 4013, or returns it unchanged where PostgreSQL does so. They differ for characters younger than Unicode 3.2
 * that stand for older ones, such as U+327C: PostgreSQL refuses these before it replaces them.
 */
function prepared(password: string): string {
  // PostgreSQL's own shortcut, before it checks for control characters.
  if (/^[\0-\x7f]*$/.test(password)) return password;
  try {
    return saslprep(password) || password;
  } catch {
    return password;
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function verifierFrom(salted: Buffer, { salt, iterations }: ScramOptions): Confidential {
  const storedKey = hash('sha256', hmac(salted, 'Client Key'), 'base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return new Confidential(`SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`);
}

/** The verifier that PostgreSQL stores for a password (RFC 5803): it does not allow a login by itself. */
export function verifierOf(password: Confidential, { salt, iterations }: ScramOptions): Confidential {
  const salted = pbkdf2Sync(prepared(password.reveal()), salt, iterations, KEY_BYTES, 'sha256');
  return verifierFrom(salted, { salt, iterations });
}

/** Makes a verifier with a random salt. */
export function makeVerifier(password: Confidential): Confidential {
  return verifierOf(password, { salt: randomBytes(SALT_BYTES), iterations: ITERATIONS });
}

/** Checks whether a verifier belongs to a password. */
export type IsVerifierOf = (verifier: Confidential, password: Confidential) => Promise<boolean>;

/**
 * Whether a stored verifier belongs to the password; false for any other format, such as an MD5 hash. Computed outside the event loop: it
 * takes milliseconds, and for the highest iteration count a good part of a second.
 */
export const isVerifierOf: IsVerifierOf = async (verifier, password) => {
  const stored = verifier.reveal();
  const [, rounds = '', base64 = ''] = VERIFIER.exec(stored) ?? [];
  const [iterations, salt] = [Number(rounds), Buffer.from(base64, 'base64')];
  if (iterations < 1 || iterations > MOST_ITERATIONS) return false;
  const salted = await derive(prepared(password.reveal()), salt, iterations, KEY_BYTES, 'sha256');
  return verifierFrom(salted, { salt, iterations }).reveal() === stored;
};
