import { expect } from 'chai';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { credentialsFor } from './credentials.ts';
import type { Answered, Running } from './running.ts';
import { reviewOf } from './review-body.ts';
import { ask, page, startWebhook } from './running.ts';

const MIB = 2 ** 20;

async function open({ port, credentials }: Running): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca: credentials.certificate });
  socket.on('error', () => undefined).resume();
  await once(socket, 'secureConnect');
  return socket;
}

/** A review whose metadata has so many bytes of annotations, all of them in one text or in many keys. */
function largeReview(bytes: number, keys = 1): string {
  const entries = Array.from({ length: keys }, (_, index) => [`k${index}`, 'x'.repeat(Math.floor(bytes / keys))]);
  return reviewOf({}, { annotations: Object.fromEntries(entries) });
}

describe('The webhook over TLS', function () {
  this.timeout(30_000);
  let webhook: Running;

  before(async () => {
    webhook = await startWebhook();
  });
  after(() => webhook.end());

  const response = ({ body }: Answered): { uid: string; allowed: boolean; status?: { message: string } } =>
    (JSON.parse(body) as { response: { uid: string; allowed: boolean } }).response;

  it('lets a good object through, and refuses a bad one', async () => {
    const good = await ask(webhook, { body: reviewOf({}) });
    expect(good.code).to.equal(200);
    expect(response(good)).to.deep.equal({ uid: 'a-uid', allowed: true });
    const bad = response(await ask(webhook, { body: reviewOf({ replicas: 12 }) }));
    expect(bad.allowed).to.equal(false);
    expect(bad.status?.message).to.include('(replicas-range)');
  });

  it('fills defaults on /mutate', async () => {
    const { allowed, patch } = response(await ask(webhook, { path: '/mutate', body: reviewOf({}) })) as {
      allowed: boolean;
      patch?: string;
    };
    expect(allowed).to.equal(true);
    expect(Buffer.from(patch ?? '', 'base64').toString()).to.include('"path":"/spec/engine"');
  });

  it('refuses on /mutate too, with all problems, before CEL can hide them', async () => {
    const { allowed, status } = response(
      await ask(webhook, { path: '/mutate', body: reviewOf({ replicas: 12, size: 'x' }) }),
    );
    expect(allowed).to.equal(false);
    expect(status?.message.match(/\n\* /g)).to.have.length(2);
  });

  it('logs a refusal by its rules, and nothing of the object', async () => {
    await ask(webhook, { body: reviewOf({ parameters: { listen_addresses: 'a-secret-value' } }) });
    const { fields, message } = webhook.logged.at(-1) ?? { fields: {}, message: '' };
    expect(message).to.equal('denied');
    expect(fields).to.deep.include({
      kind: 'Database',
      namespace: 'shop',
      name: 'orders',
      rules: ['parameters-owned'],
    });
    expect(JSON.stringify(webhook.logged)).to.not.include('a-secret-value');
  });

  const codes: [string, Parameters<typeof ask>[1], number][] = [
    ['no JSON', { body: '{' }, 400],
    ['no UTF-8', { body: Uint8Array.of(0x22, 0xff, 0x22) }, 400],
    ['nothing', { body: '' }, 400],
    ['no AdmissionReview', { body: '{"kind":"Pod"}' }, 400],
    ['another content type', { body: reviewOf({}), headers: { 'content-type': 'text/plain' } }, 415],
    ['another method', { method: 'GET' }, 405],
    ['another path', { path: '/other', body: reviewOf({}) }, 404],
    ['more than 8 MiB', { body: largeReview(8.5 * MIB) }, 413],
    [
      'more than 8 MiB in pieces, which is refused by a review',
      { body: largeReview(8.5 * MIB), headers: { 'transfer-encoding': 'chunked' } },
      200,
    ],
    ['a compressed body', { body: reviewOf({}), headers: { 'content-encoding': 'gzip' } }, 415],
    ['a URL of 20,000 characters', { path: `/validate?${'x'.repeat(20_000)}` }, 431],
    ['the question whether it lives, which has a port of its own', { method: 'GET', path: '/healthz' }, 404],
  ];
  for (const [name, asked, code] of codes) {
    it(`answers ${code} to ${name}`, async () => {
      const answered = await ask(webhook, asked);
      expect(answered.code, answered.body).to.equal(code);
      expect(answered.body).to.not.match(/\bat .*\.ts|node_modules/);
    });
  }

  const pages: [string, string, string, number][] = [
    ['the question whether it lives', 'GET', '/healthz', 200],
    ['the question whether it is ready', 'GET', '/readyz?verbose', 200],
    ['the question for metrics', 'GET', '/metrics', 200],
    ['another path', 'GET', '/validate', 404],
    ['another method', 'POST', '/healthz', 405],
  ];
  for (const [name, method, path, code] of pages) {
    it(`answers ${code} on the port of probes to ${name}`, async () => {
      expect(await page(webhook, path, method)).to.include({ code });
    });
  }

  it('counts reviews, rules and time, and tells when its certificate expires', async () => {
    const { body } = await page(webhook, '/metrics');
    expect(body).to.match(
      /ballast_admission_requests_total\{webhook="validate",operation="CREATE",verdict="denied"\} [1-9]/,
    );
    expect(body).to.match(
      /ballast_admission_requests_total\{webhook="validate",operation="unknown",verdict="unreadable"\} [1-9]/,
    );
    expect(body).to.match(/ballast_admission_findings_total\{rule="replicas-range"\} [1-9]/);
    expect(body).to.match(/ballast_admission_duration_seconds_count\{webhook="validate"\} [1-9]/);
    const expiry = Number(/^ballast_certificate_expiry_timestamp_seconds (\S+)$/m.exec(body)?.[1]);
    expect(expiry).to.equal(webhook.credentials.notAfter.getTime() / 1000);
  });

  it('refuses a body that is too large, with a message', async () => {
    const { allowed, status } = response(await ask(webhook, { body: largeReview(4 * MIB) }));
    expect(allowed).to.equal(false);
    expect(status?.message).to.match(/must be smaller: /);
  });

  const heavy: [string, string][] = [
    ['3 MiB of one text', largeReview(3 * MIB)],
    ['3 MiB of 50,000 keys', largeReview(3 * MIB, 50_000)],
    [
      '20,000 unknown fields',
      reviewOf(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`replica${i}`, i]))),
    ],
    [
      '20,000 wrong parameters',
      reviewOf({ parameters: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p ${i}`, '\n'])) }),
    ],
    [
      'lists in lists, 100,000 deep',
      reviewOf({ size: 0 }).replace('"size":0', `"size":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    ],
  ];
  for (const [name, body] of heavy) {
    it(`answers it, and others beside it: ${name}`, async () => {
      const [large, small] = await Promise.all([ask(webhook, { body }), ask(webhook, { body: reviewOf({}) })]);
      expect([large.code, small.code]).to.deep.equal([200, 200]);
    });
  }

  it('ends connections that send slowly, and serves others meanwhile', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => open(webhook)));
    const closed = sockets.map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.write('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-');
    expect((await ask(webhook, { body: reviewOf({}) })).code).to.equal(200);
    await Promise.all(closed);
  });

  it('goes on when a client goes away in the middle of a body', async () => {
    const lines = webhook.logged.length;
    const socket = await open(webhook);
    socket.write(
      'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{',
    );
    await sleep(50);
    socket.destroy();
    await sleep(50);
    expect((await ask(webhook, { body: reviewOf({}) })).code).to.equal(200);
    expect(webhook.logged.slice(lines)).to.deep.equal([]);
  });

  it('shows another certificate without ending a connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await ask(webhook, { body: reviewOf({}), agent });
    const next = credentialsFor('second');
    webhook.renew(next);
    expect((await ask(webhook, { body: reviewOf({}), agent })).code).to.equal(200);
    const failed = await ask(webhook, { body: reviewOf({}) }).catch((error: unknown) => (error as Error).message);
    expect(failed).to.match(/certificate/);
    const fresh = { ...webhook, credentials: next };
    expect((await ask(fresh, { body: reviewOf({}) })).code).to.equal(200);
    agent.destroy();
    webhook.renew(webhook.credentials);
  });
});

describe('A webhook that ends', function () {
  this.timeout(20_000);

  it('answers all that was asked, sends clients elsewhere, and then closes', async () => {
    const webhook = await startWebhook({ drainMs: 2000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const results: Promise<Answered>[] = [];
    const asking = (async () => {
      for (let index = 0; index < 40; index += 1) {
        results.push(ask(webhook, { body: reviewOf({}), agent }));
        await sleep(5);
      }
    })();
    await sleep(50);
    const ended = webhook.end();
    await asking;
    const answers = await Promise.all(results);
    expect(answers.map(({ code }) => code)).to.deep.equal(answers.map(() => 200));
    expect(answers.at(-1)?.headers.connection).to.equal('close');
    const { code } = await page(webhook, '/readyz');
    expect(code).to.equal(503);
    await ended;
    agent.destroy();
    const after = await ask(webhook, { body: reviewOf({}) }).catch((error: unknown) => (error as Error).message);
    expect(after).to.match(/ECONNREFUSED/);
  });
});
