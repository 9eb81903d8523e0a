import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from '../programs/kubernetes-programs.ts';
import { makeIssuer } from '../s3/issuer.ts';
import type { CloudStore, Emulator } from './store.ts';
import { startEmulator } from './store.ts';

/** An emulator of Google Cloud Storage, with a service for tokens. */
export interface GoogleStore extends CloudStore {
  /** The key file of a service account, which names the service for tokens. */
  readonly keyFile: string;
  /** The requests for a token so far. */
  readonly tokens: () => number;
}

const HOST = 'google.test';
const TOKEN = '/token';

/** Google names the upload in a header of its own too, which the emulator lacks and pgBackRest reads. */
function withUploadId(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const [, id] = /[?&]upload_id=([^&]+)/.exec(headers.location ?? '') ?? [];
  return id === undefined ? headers : { ...headers, 'x-guploader-uploadid': id };
}

function forward(asked: IncomingMessage, answer: ServerResponse, port: number): void {
  const { method, url, headers } = asked;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 500, withUploadId(response.headers));
    response.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}

async function startBehind(bucket: string): Promise<Emulator> {
  const program = await build({
    name: 'fake-gcs-server',
    module: join(import.meta.dirname, '../programs/gcs'),
    package: 'github.com/fsouza/fake-gcs-server',
    note: 'from its Go sources, once (two minutes)',
  });
  const emulator = await startEmulator('google', program, (port) => [
    ...['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)],
    ...['-backend', 'memory', '-public-host', HOST, '-log-level', 'warn'],
  ]);
  await fetch(`http://127.0.0.1:${emulator.port}/storage/v1/b?project=acme`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: bucket }) },
  });
  return emulator;
}

function keyFileFor(port: number): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const client = { type: 'service_account', client_email: 'backups@acme.iam.gserviceaccount.com' };
  return JSON.stringify({ ...client, private_key: privateKey, token_uri: `https://${HOST}:${port}${TOKEN}` });
}

/** Starts an emulator with a bucket. It takes any token: what is tested is that one is asked for and sent. */
export async function startGoogleStore(bucket: string): Promise<GoogleStore> {
  const [emulator, issuer] = [await startBehind(bucket), await makeIssuer([HOST])];
  const { certificate, key } = await issuer.issue('same authority');
  let tokens = 0;
  const front = createServer({ cert: certificate, key }, (asked, answer) => {
    if (asked.url !== TOKEN) {
      forward(asked, answer, emulator.port);
      return;
    }
    tokens += 1;
    asked.resume();
    const body = JSON.stringify({ access_token: 'taken', token_type: 'Bearer', expires_in: 3600 });
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    answer.end(body);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    front.closeAllConnections();
    front.close();
    await emulator.stop();
  };
  return { host: HOST, port, authority: issuer.authority, keyFile: keyFileFor(port), tokens: () => tokens, stop };
}
