import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** A public and a private key, both PEM. */
export interface Keys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const generate = promisify(generateKeyPair);

/** Makes an RSA key in Node's thread pool: forge would block the event loop for seconds. */
export async function makeKeys(): Promise<Keys> {
  return generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
