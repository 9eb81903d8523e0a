import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

/** The least possible webhook: reads the body to its end, and allows it unread. */
const [folder = '', port = '0'] = process.argv.slice(2);
const pair = { cert: readFileSync(join(folder, 'tls.crt')), key: readFileSync(join(folder, 'tls.key')) };
const ALLOWED = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: '00000000-0000-1000-8000-000000000000', allowed: true },
});

createServer(pair, (request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ALLOWED.length }).end(ALLOWED);
  });
}).listen(Number(port), '127.0.0.1');
