import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { TLSSocket, createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { issueServer, makeAuthority } from '../../certificates/authority.ts';
import { makeKeys } from '../../certificates/keys.ts';
import { guard, within } from '../../controller/engines/postgresql/byte-limits.ts';
import { restartServer } from '../../controller/engines/postgresql/patroni-api.ts';
import { openSession } from '../../controller/engines/postgresql/session.ts';
import { ServerError } from '../../controller/engines/servers.ts';
import { Confidential } from '../../controller/credentials/confidential.ts';
import { isComplete } from '../complete.ts';

const TRIES = isComplete ? 300 : 30;
const LOGIN = { user: 'postgres', password: new Confidential('secret') };

/** Uncaught errors would end the controller: here they are counted. */
function strays(): { readonly all: unknown[]; readonly stop: () => void } {
  const all: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const note = (error: unknown): void => void all.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  return {
    all,
    stop: () => {
      process.off('uncaughtException', note);
      process.off('unhandledRejection', note);
      for (const listener of listeners) process.on('uncaughtException', listener);
    },
  };
}

/** Counts the contexts of TLS that are freed, by the method of Node's that does it. */
function countFrees(): { readonly count: () => number; readonly stop: () => void } {
  const own = Object.getPrototypeOf(createSecureContext().context) as { close: () => void };
  const { close } = own;
  let count = 0;
  own.close = function (this: unknown) {
    count += 1;
    close.call(this);
  };
  return {
    count: () => count,
    stop: () => {
      own.close = close;
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

describe('A member that is not what it should be', function () {
  this.timeout(120_000);
  let pair: { readonly authority: string; readonly cert: string; readonly key: string };
  let server: Server;
  let serve: (socket: Socket) => void = () => undefined;
  let open: Set<Socket>;
  let watch: ReturnType<typeof strays>;
  let frees: ReturnType<typeof countFrees>;
  let logins: number;

  before(async () => {
    const life = { now: new Date(), lifetimeMs: 3_600_000 };
    const authority = makeAuthority({ name: 'authority', keys: await makeKeys(), ...life });
    const own = issueServer({ name: 'localhost', authority, hosts: ['localhost'], keys: await makeKeys(), ...life });
    pair = { authority: authority.certificate, cert: own.certificate, key: own.key };
  });

  beforeEach(async () => {
    open = new Set();
    server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      serve(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    watch = strays();
    frees = countFrees();
    logins = 0;
  });

  afterEach(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await settle();
    watch.stop();
    frees.stop();
    expect(watch.all.map(String)).eql([]);
    expect(frees.count(), 'contexts of TLS that were freed').equal(logins);
  });

  const port = (): number => (server.address() as AddressInfo).port;

  /** A server that speaks TLS after PostgreSQL's request for it, then sends the test's bytes. */
  function overTls(then: (socket: TLSSocket) => void): void {
    serve = (socket) => {
      socket.once('data', () => {
        socket.write('S');
        const { cert, key } = pair;
        const secure = new TLSSocket(socket, { isServer: true, cert, key });
        secure.on('error', () => undefined);
        then(secure);
      });
    };
  }

  async function login(host = 'localhost'): Promise<string> {
    const member = { host, authority: pair.authority };
    logins += 1;
    try {
      const session = await openSession(member, LOGIN, port());
      try {
        await session.run('SELECT 1');
        return 'done';
      } finally {
        await session.end();
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return error.message;
    }
  }

  for (const host of [
    'a\u0000',
    '\u0000',
    'a b',
    '[::',
    'x'.repeat(300),
    '256.256.256.256',
    '/tmp',
    '/tmp\u0000',
    '',
  ]) {
    it(`is one failed login: by the name ${JSON.stringify(host.slice(0, 20))}`, async () => {
      expect(await login(host)).match(/the login failed|a statement failed/);
    });
    it(`is one failed restart: by the name ${JSON.stringify(host.slice(0, 20))}`, async () => {
      const asked = restartServer(
        { host, authority: pair.authority },
        { certificate: pair.cert, key: new Confidential(pair.key) },
        'replica',
      );
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).instanceOf(ServerError);
    });
  }

  const RAW: Readonly<Record<string, (socket: Socket) => void>> = {
    'closes at once': (socket) => socket.destroy(),
    'resets the connection': (socket) => socket.resetAndDestroy(),
    'wants no TLS': (socket) => socket.write('N'),
    'answers the request for TLS with rubbish': (socket) => socket.write('\u0000\u0000HTTP/1.1 200'),
    'begins TLS with rubbish': (socket) => socket.write(`S${'\u0000'.repeat(10_000)}`),
  };
  for (const [name, then] of Object.entries(RAW)) {
    it(`is one failed login: it ${name}`, async () => {
      serve = then;
      expect(await login()).match(/the login failed/);
    });
  }

  it('is one failed login: the pair to show is no PEM', async () => {
    const shown = { certificate: 'none', key: new Confidential('-----BEGIN secret') };
    const failure: unknown = await openSession(
      { host: 'localhost', authority: pair.authority },
      { ...LOGIN, pair: shown },
      port(),
    ).catch((error: unknown) => error);
    expect(failure).instanceOf(ServerError);
    expect((failure as ServerError).message)
      .match(/^localhost: the login failed/)
      .not.include('secret');
  });

  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value | 0);
    return bytes;
  };
  const message = (type: string, body: Buffer, length = body.length + 4): Buffer =>
    Buffer.concat([Buffer.from(type), int(length), body]);
  const OK = message('R', int(0));
  const READY = message('Z', Buffer.from('I'));

  const SAID: Readonly<Record<string, Buffer | ((socket: TLSSocket) => void)>> = {
    'says what nobody asked for': Buffer.concat([
      message('D', Buffer.from('0000')),
      message('C', Buffer.from('SELECT\0')),
    ]),
    'sends a message of no length': message('R', Buffer.alloc(0), 0),
    'sends a message of a negative length': message('R', Buffer.alloc(8), -1),
    'announces a message of 2 GiB': message('R', Buffer.alloc(8), 2 ** 31 - 1),
    'asks for a password of no known kind': message('R', int(99)),
    'offers no mechanism': message('R', Buffer.concat([int(10), Buffer.from('NONE\0\0')])),
    'goes on with SCRAM that was not begun': message('R', Buffer.concat([int(11), Buffer.from('r=a,s=b,i=1')])),
    'ends SCRAM that was not begun': message('R', Buffer.concat([int(12), Buffer.from('v=a')])),
    'is ready, and then sends rows without a question': Buffer.concat([
      OK,
      READY,
      message('D', Buffer.from([0, 9, 0, 0])),
    ]),
    'is ready, and then says an error that nobody waits for': Buffer.concat([
      OK,
      READY,
      message('E', Buffer.from('SFATAL\0\0')),
    ]),
    'says an error whose fields do not end': message('E', Buffer.from('SFATAL')),
    'says a notice whose fields do not end': Buffer.concat([OK, message('N', Buffer.from('S')), READY]),
    'closes when it is ready': (socket) => socket.end(Buffer.concat([OK, READY])),
    'sends notices without an end': (socket) => {
      const notice = message('N', Buffer.concat([Buffer.from(`M${'x'.repeat(60_000)}`), Buffer.from([0, 0])]));
      const more = (): void => {
        if (socket.writable) socket.write(notice, () => setImmediate(more));
      };
      socket.write(Buffer.concat([OK, READY]));
      more();
    },
    'sends one message without an end': (socket) => {
      socket.write(message('D', Buffer.alloc(0), 2 ** 30));
      const more = (): void => {
        if (socket.writable) socket.write(Buffer.alloc(60_000), () => setImmediate(more));
      };
      more();
    },
  };
  for (const [name, said] of Object.entries(SAID)) {
    it(`is one failed login: it ${name}`, async () => {
      overTls((socket) => {
        socket.once('data', () => {
          if (typeof said === 'function') said(socket);
          else socket.end(said);
        });
      });
      expect(await login()).match(/the login failed|a statement failed/);
    });
  }

  it('is not waited for when it does not say good-bye', async () => {
    overTls((socket) => {
      socket.on('data', (asked: Buffer) => {
        if (asked.includes('postgres')) socket.write(Buffer.concat([OK, READY]));
        else if (asked[0] !== 'X'.charCodeAt(0))
          socket.write(Buffer.concat([message('C', Buffer.from('SET\0')), READY]));
      });
    });
    const started = performance.now();
    expect(await login()).equal('done');
    expect(performance.now() - started).below(10_000);
  });

  it(`is one failed login, whatever it says (${TRIES} times)`, async () => {
    const types = 'RSKZTDCEN123nGHWAdcIVtsX?';
    for (let count = 0; count < TRIES; count += 1) {
      const parts = Array.from({ length: 1 + (count % 7) }, (_, index) => {
        const body = Buffer.alloc((count * 7 + index * 13) % 90, (count * 31 + index * 17) % 256);
        return message(types[(count + index * 5) % types.length]!, body);
      });
      overTls((socket) => {
        socket.once('data', () => socket.end(Buffer.concat(count % 2 === 0 ? parts : [OK, READY, ...parts])));
      });
      expect(await login()).match(/the login failed|a statement failed/);
    }
  });
});

describe('A connection that is guarded', () => {
  it('ends by what a listener throws, and nothing else does', async () => {
    const stream = new PassThrough();
    guard(stream, 1000);
    stream.on('data', () => {
      throw new Error('a listener failed');
    });
    stream.write('a');
    await settle();
    expect(stream.destroyed).equal(true);
  });

  it('ends when more comes than may', async () => {
    const stream = new PassThrough();
    guard(stream, 10);
    let heard = 0;
    stream.on('data', (part: Buffer) => (heard += part.length));
    stream.write(Buffer.alloc(9));
    stream.write(Buffer.alloc(9));
    await settle();
    expect([heard, stream.destroyed]).eql([9, true]);
  });

  it('is waited for so long and no longer', async () => {
    let isGivenUp = false;
    const never = new Promise<never>((_, reject) => setTimeout(reject, 60, new Error('later')));
    const error: unknown = await within(10, never, () => (isGivenUp = true)).catch((thrown: unknown) => thrown);
    expect([(error as NodeJS.ErrnoException).code, isGivenUp]).eql(['ETIMEDOUT', true]);
    await settle();
  });
});
