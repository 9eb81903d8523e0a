import { expect } from 'chai';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { answer } from '../../webhook/answer.ts';
import { reviewOf } from './review-body.ts';
import type { Running } from './running.ts';
import { ask, page, startWebhook } from './running.ts';

const MIB = 2 ** 20;
const POD = '127.0.1.1';
const HEAD = 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

interface Client {
  readonly socket: TLSSocket;
  /** All that came until now. */
  readonly text: () => string;
  readonly closed: Promise<unknown>;
}

async function open({ port, credentials }: Running, localAddress = '127.0.0.1'): Promise<Client> {
  const options = { port, host: '127.0.0.1', ca: credentials.certificate, localAddress };
  const socket = connect(options);
  let text = '';
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined).on('data', (part: Buffer) => (text += part.toString()));
  await once(socket, 'secureConnect');
  return { socket, text: () => text, closed };
}

async function until(asked: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await asked()) && performance.now() < end) await sleep(20);
  expect(await asked()).to.equal(true);
}

async function metric(webhook: Running, series: string): Promise<number> {
  const { body } = await page(webhook, '/metrics');
  const line = body.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

const refused = (webhook: Running, reason: string): Promise<number> =>
  metric(webhook, `ballast_webhook_refused_total{reason="${reason}"}`);
const ended = (webhook: Running, reason: string): Promise<number> =>
  metric(webhook, `ballast_webhook_connections_ended_total{reason="${reason}"}`);

describe('The webhook and all its clients together', function () {
  this.timeout(60_000);
  let webhook: Running;
  let clients: Client[];

  beforeEach(async () => {
    webhook = await startWebhook();
    clients = [];
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    await webhook.end();
  });

  const openMany = async (count: number, address: string): Promise<Client[]> => {
    const opened = await Promise.all(Array.from({ length: count }, () => open(webhook, address)));
    clients.push(...opened);
    return opened;
  };

  it('answers 503 before a body is read for which there is no room, and says when to come again', async () => {
    for (const { socket } of await openMany(8, POD)) {
      socket.write(`${HEAD}content-length: ${3 * MIB}\r\n\r\n`);
      socket.write(Buffer.alloc(3 * MIB - 1, 'x'));
    }
    // On a very slow computer the eight may have become slow themselves; then one of them is closed instead of the ninth.
    await until(async () => (await metric(webhook, 'ballast_webhook_body_bytes')) > 20 * MIB);
    const [last] = await openMany(1, POD);
    last?.socket.write(`${HEAD}content-length: ${3.25 * MIB}\r\n\r\n`);
    await sleep(500);
    if (last?.text() === '') last.socket.write(Buffer.alloc(3.25 * MIB - 1, 'x'));
    await until(async () => (await refused(webhook, 'no-room')) > 0);
    await until(() => clients.some(({ text }) => text().includes('"too much is being asked at once"')));
    const told = clients.find(({ text }) => text() !== '');
    expect(told?.text()).to.match(/^HTTP\/1.1 503 [^]*retry-after: 1\r\n/);
    await told?.closed;
  });

  it('drops unfinished bodies when another client needs the room', async () => {
    for (const { socket } of await openMany(8, POD)) {
      socket.write(`${HEAD}content-length: ${3 * MIB}\r\n\r\n`);
      socket.write(Buffer.alloc(3 * MIB - 1, 'x'));
    }
    await until(async () => (await metric(webhook, 'ballast_webhook_body_bytes')) > 20 * MIB);
    const body = reviewOf({ replicas: 12 }, { annotations: { a: 'x'.repeat(2 * MIB) } });
    const answered = await ask(webhook, { body });
    expect([answered.code, answered.body]).to.deep.equal([200, answered.body]);
    expect(answered.body).to.include('(replicas-range)');
    expect(await refused(webhook, 'no-room')).to.be.greaterThan(0);
  });

  it('holds of unfinished bodies no more than was sent, and nothing once they are gone', async () => {
    for (const { socket } of await openMany(20, POD)) {
      socket.write(`${HEAD}content-length: ${3 * MIB}\r\n\r\n`);
      socket.write(Buffer.alloc(100_000, 'x'));
    }
    await until(async () => (await metric(webhook, 'ballast_webhook_body_bytes')) >= 20 * 100_000);
    expect(await metric(webhook, 'ballast_webhook_body_bytes')).to.be.at.most(2 * 20 * 100_000);
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await metric(webhook, 'ballast_webhook_body_bytes')) === 0);
  });

  it('has room for new clients when one address has taken all connections', async () => {
    await openMany(256, POD);
    const mine = await open(webhook);
    clients.push(mine);
    mine.socket.write(`${HEAD}content-length: ${reviewOf({}).length}\r\n\r\n${reviewOf({})}`);
    await until(() => mine.text().includes('"allowed":true'));
    expect(await ended(webhook, 'no-room')).to.be.greaterThan(0);
    await openMany(20, POD);
    expect(mine.socket.destroyed, 'the only connection of its address').to.equal(false);
    expect(await metric(webhook, 'ballast_webhook_connections')).to.be.at.most(256);
  });

  it('ends a connection over which a second request comes before the first is answered', async () => {
    const [first, second] = await openMany(2, POD);
    const body = reviewOf({});
    const one = `${HEAD}content-length: ${body.length}\r\n\r\n${body}`;
    first?.socket.write(one + one);
    await first?.closed;
    expect(await ended(webhook, 'pipelining')).to.equal(1);
    expect(second?.socket.destroyed).to.equal(false);
  });

  it('lets a client ask again as soon as it has its answer', async () => {
    const [client] = await openMany(1, POD);
    const body = reviewOf({});
    const one = `${HEAD}content-length: ${body.length}\r\n\r\n${body}`;
    let answers = 0;
    client?.socket.on('data', () => {
      answers += 1;
      if (answers < 500) client.socket.write(one);
    });
    client?.socket.write(one);
    await until(() => answers === 500);
    expect(await ended(webhook, 'pipelining')).to.equal(0);
  });

  const singular: [string, string, RegExp][] = [
    ['waits for leave to send', `${HEAD}expect: 100-continue\r\ncontent-length: 9\r\n\r\n`, /^HTTP\/1.1 100 Continue/],
    [
      'waits for leave to send too much',
      `${HEAD}expect: 100-continue\r\ncontent-length: 90000000\r\n\r\n`,
      /^HTTP\/1.1 413 /,
    ],
    ['expects something else', `${HEAD}expect: wonders\r\ncontent-length: 9\r\n\r\n`, /^HTTP\/1.1 417 /],
    [
      'wants another protocol',
      'GET /validate HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      /^HTTP\/1.1 405 /,
    ],
    ['wants a tunnel', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n', /^$/],
    ['speaks no HTTP', 'HELO x\r\n\r\n', /^HTTP\/1.1 400 /],
    [
      'sends both a length and chunks',
      `${HEAD}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n`,
      /^HTTP\/1.1 400 /,
    ],
    [
      'sends a body where none is wanted',
      `POST /other HTTP/1.1\r\nhost: x\r\ncontent-length: 90000000\r\n\r\nx`,
      /^HTTP\/1.1 404 /,
    ],
  ];
  for (const [name, sent, expected] of singular) {
    it(`goes on when a client ${name}`, async () => {
      const [client] = await openMany(1, POD);
      client?.socket.write(sent);
      if (expected.source === '^$') await client?.closed;
      else await until(() => client?.text() !== '');
      expect(client?.text()).to.match(expected);
      expect((await ask(webhook, { body: reviewOf({}) })).code).to.equal(200);
    });
  }
});

describe('What a body makes the webhook do', () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const filled = (items: string): Uint8Array => encode(reviewOf({ size: 0 }).replace('"size":0', `"x":[${items}]`));

  const unread: [string, Uint8Array, RegExp][] = [
    ['3 MiB of empty objects', filled(`${'{},'.repeat(MIB)}{}`), /must be smaller/],
    ['3 MiB of numbers', filled(`${'0,'.repeat(1.5 * MIB)}0`), /must be smaller/],
    ['lists, a million deep', filled('['.repeat(MIB) + ']'.repeat(MIB)), /must not be nested deeper than 64 levels/],
    ['text full of brackets, which is only long', filled(`"${'[{,\\"'.repeat(100_000)}"`), /spec\.x/],
  ];
  for (const [name, body, expected] of unread) {
    it(`is little: ${name}`, () => {
      const { code, body: text } = answer('validate', body, new Date(0));
      expect(code).to.equal(200);
      expect((JSON.parse(text) as { response: { status: { message: string } } }).response.status.message).to.match(
        expected,
      );
    });
  }

  const long = 'x'.repeat(30_000);
  const answers: [string, string][] = [
    [
      'names of parameters',
      reviewOf({ parameters: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}${long}`, '\n'])) }),
    ],
    ['names of fields', reviewOf(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}${long}`, 1])))],
    ['a name', reviewOf({ replicas: 12 }).replace('"name":"orders"', `"name":"${long.repeat(50)}"`)],
    ['many of them', reviewOf(Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`field${i}`, 1])))],
  ];
  for (const [name, body] of answers) {
    it(`gets an answer of bounded size, however long: ${name}`, () => {
      for (const webhook of ['validate', 'mutate'] as const) {
        const { code, verdict, body: text } = answer(webhook, encode(body), new Date(0));
        expect([code, verdict]).to.deep.equal([200, 'denied']);
        expect(text.length).to.be.lessThan(300_000);
      }
    });
  }
});
