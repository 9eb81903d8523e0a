import { generateKeyPairSync } from 'node:crypto';
import type { Keys } from '../../certificates/keys.ts';

const pool: Keys[] = [];

/** Keys that are too weak for anything but a test without TLS, made while all else waits. */
export function keysAtOnce(): Keys {
  return generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Keys that are quick to make and too weak for anything but a test without TLS; a hundred are used in turn. */
export function weakKeys(): () => Promise<Keys> {
  let used = 0;
  return () => {
    const index = used++ % 100;
    pool[index] ??= keysAtOnce();
    return Promise.resolve(pool[index]);
  };
}
