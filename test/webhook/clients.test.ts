import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientCheck } from '../../webhook/client-check.ts';
import { reviewOf } from './review-body.ts';
import type { Running } from './running.ts';
import { page, startWebhook } from './running.ts';

interface Pair {
  readonly cert: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

describe('A webhook that knows its clients', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'ballast-clients-'));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const authority = (name: string): void => {
    const out = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)];
    openssl('req', '-x509', ...KEY, '-days', '2', '-subj', '/CN=ballast-clients', ...out);
  };
  /** As docs/webhook.md has it. */
  const client = (by: string, name: string, usage = 'clientAuth'): Pair => {
    const [key, csr, crt] = [path('client.key'), path('client.csr'), path('client.crt')];
    const extension = ['-addext', `extendedKeyUsage=${usage}`];
    openssl('req', ...KEY, '-subj', `/CN=${name}`, ...extension, '-keyout', key, '-out', csr);
    const signed = ['-CA', path(`${by}.crt`), '-CAkey', path(`${by}.key`), '-days', '1'];
    openssl('x509', '-req', '-in', csr, ...signed, '-copy_extensions', 'copy', '-out', crt);
    return { cert: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') };
  };

  let webhook: Running;
  let check: ClientCheck;
  const log = { info: () => undefined, warn: () => undefined };

  before(async () => {
    authority('one');
    authority('two');
    copyFileSync(path('one.crt'), path('ca.crt'));
    check = await ClientCheck.start({ file: path('ca.crt'), names: ['kube-apiserver'], intervalMs: 50, log });
    webhook = await startWebhook({ clients: check });
  });
  after(async () => {
    check.stop();
    await webhook.end();
    rmSync(folder, { recursive: true });
  });

  /** The code of the answer; undefined when the connection ended without one. */
  function ask(pair: Pair | undefined, maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Promise<number | undefined> {
    const { port, credentials } = webhook;
    const headers = { 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', port, path: '/validate', method: 'POST', headers, agent: false as const };
    return new Promise((resolve) => {
      const sent = request({ ...options, ca: credentials.certificate, maxVersion, ...pair }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', () => {
        resolve(undefined);
      });
      sent.end(reviewOf({}));
    });
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`answers only clients with the right certificate, over ${version}`, async () => {
      expect(await ask(client('one', 'kube-apiserver'), version)).to.equal(200);
      const others = [
        undefined,
        client('two', 'kube-apiserver'),
        client('one', 'somebody'),
        client('one', 'kube-apiserver', 'serverAuth'),
      ];
      for (const pair of others) expect(await ask(pair, version)).to.equal(undefined);
    });
  }

  it('answers probes and Prometheus without one', async () => {
    expect((await page(webhook, '/healthz')).code).to.equal(200);
    const { body } = await page(webhook, '/metrics');
    expect(body).to.match(/^ballast_webhook_refused_total\{reason="client-certificate"\} [1-9]/m);
    expect(body).to.match(/^ballast_webhook_refused_total\{reason="handshake"\} [1-9]/m);
  });

  it('asks for it after its own certificate has changed, too', async () => {
    webhook.renew(webhook.credentials);
    expect(await ask(undefined)).to.equal(undefined);
    expect(await ask(client('one', 'kube-apiserver'))).to.equal(200);
  });

  it('keeps an authority that cannot be read, and takes another one when it can', async () => {
    const [before, next] = [client('one', 'kube-apiserver'), client('two', 'kube-apiserver')];
    rmSync(path('ca.crt'));
    await sleep(200);
    expect(await ask(before)).to.equal(200);
    copyFileSync(path('two.crt'), path('ca.crt'));
    const end = performance.now() + 10_000;
    while ((await ask(next)) !== 200 && performance.now() < end) await sleep(50);
    expect([await ask(next), await ask(before)]).to.deep.equal([200, undefined]);
  });
});
