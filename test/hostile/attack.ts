import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { reviewOf } from '../webhook/review-body.ts';

/** One hostile connection. */
interface Hostile {
  readonly socket: Socket;
  /** Sends, unless the connection has ended. */
  readonly send: (data: string | Buffer) => boolean;
  /** Does it again and again until the connection ends. */
  readonly every: (ms: number, work: () => void) => void;
}

type Attack = (hostile: Hostile) => void;

const MIB = 2 ** 20;
const head = (headers: string): string =>
  `POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n\r\n`;
const whole = (body: string, headers = ''): Buffer =>
  Buffer.from(`${head(`content-length: ${Buffer.byteLength(body)}${headers}`)}${body}`);
const annotated = (bytes: number): string => reviewOf({}, { annotations: { a: 'x'.repeat(bytes) } });
const nested = (depth: number): string =>
  reviewOf({ size: 0 }).replace('"size":0', `"size":${'['.repeat(depth)}${']'.repeat(depth)}`);
const wrong = reviewOf({
  parameters: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p ${'x'.repeat(100)}${i}`, '\n'])),
});

const SMALL = whole(reviewOf({}));
const HUGE = whole(annotated(3 * MIB));
const DENSE = whole(reviewOf({ size: 0 }).replace('"size":0', `"x":[${'{},'.repeat(MIB)}{}]`));
const DEEP = [whole(nested(1.5 * MIB)), whole(nested(30_000)), DENSE];
const WRONG = whole(wrong);
const PART = Buffer.alloc(3 * MIB, 'x');
const CHUNK = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);

/** Sends the same again whenever something of an answer came. */
const again =
  (choose: () => Buffer): Attack =>
  ({ socket, send }) => {
    socket.on('data', () => send(choose()));
    send(choose());
  };

function flow({ socket, send }: Hostile, piece: Buffer): void {
  const go = (): void => {
    while (send(piece));
  };
  socket.on('drain', go).resume();
  go();
}

/** Kinds of hostile connections by their behaviour; the names appear in test names. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  'bodies that end after 3 of the 8 MB that were announced': ({ socket, send }) => {
    send(head('content-length: 8000000'));
    send(PART);
    socket.resume();
  },
  'bodies that end just short of the largest that is looked into': ({ socket, send }) => {
    send(head(`content-length: ${3 * MIB + 1}`));
    send(PART);
    socket.resume();
  },
  'bodies that come byte by byte': ({ socket, send, every }) => {
    send(head('content-length: 60000'));
    every(20, () => send('x'));
    socket.resume();
  },
  'bodies in chunks without an end': (hostile) => {
    hostile.send(head('transfer-encoding: chunked'));
    flow(hostile, CHUNK);
  },
  'headers without an end': ({ socket, send, every }) => {
    send('POST /validate HTTP/1.1\r\nhost: x\r\n');
    every(300, () => send(`x-${randomInt(1e9)}: y\r\n`));
    socket.resume();
  },
  'connections that ask once and then stay': ({ socket, send }) => {
    send(SMALL);
    socket.resume();
  },
  'connections that ask nothing': ({ socket }) => void socket.resume(),
  'whole bodies of 3 MB': again(() => HUGE),
  'JSON that is deep or dense': again(() => DEEP[randomInt(DEEP.length)] ?? DENSE),
  'clients that ask and never read': ({ socket, send, every }) => {
    socket.pause();
    send(WRONG);
    every(200, () => send(WRONG));
  },
  'requests without waiting for an answer': (hostile) => {
    flow(hostile, Buffer.concat(Array.from({ length: 20 }, () => SMALL)));
  },
  'bodies that are announced and wait for leave': ({ socket, send }) => {
    send(head('content-length: 3000000\r\nexpect: 100-continue'));
    socket.resume();
  },
};
const RAW: Readonly<Record<string, Attack>> = {
  'handshakes that are not begun': ({ socket }) => void socket.resume(),
  'handshakes that stop in the middle': ({ socket, send }) => {
    // A record of TLS that announces more than comes.
    send(Buffer.from('16030102000100', 'hex'));
    socket.resume();
  },
};

/** All kinds, by name. */
export const KINDS: readonly string[] = [...Object.keys(RAW), ...Object.keys(ATTACKS)];

const counts = { tried: 0, opened: 0, refused: 0, reviewed: 0 };

/** Opens one hostile connection, and another whenever it has ended. */
function keep(kind: string, port: number, localAddress: string): void {
  const options = { port, host: '127.0.0.1', localAddress };
  const attack = ATTACKS[kind] ?? RAW[kind];
  if (!attack) throw new Error(`there is no attack "${kind}"`);
  const isTls = kind in ATTACKS;
  const socket = isTls ? connectTls({ ...options, rejectUnauthorized: false }) : connectTcp(options);
  counts.tried += 1;
  const timers: NodeJS.Timeout[] = [];
  const send = (data: string | Buffer): boolean => !socket.destroyed && socket.writable && socket.write(data);
  const every = (ms: number, work: () => void): void => void timers.push(setInterval(work, ms));
  socket.on(isTls ? 'secureConnect' : 'connect', () => {
    counts.opened += 1;
    socket.on('data', (part: Buffer) => {
      const text = part.toString('latin1', 0, 12);
      if (text === 'HTTP/1.1 200') counts.reviewed += 1;
      else if (text === 'HTTP/1.1 503') counts.refused += 1;
    });
    attack({ socket, send, every });
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    timers.forEach(clearInterval);
    setTimeout(
      () => {
        keep(kind, port, localAddress);
      },
      randomInt(100, 400),
    );
  });
}

if (import.meta.main) {
  const [port = '', count = '', addresses = '', ...kinds] = process.argv.slice(2);
  const from = addresses.split(',');
  // They come within half a second, and so the first does not wait for the last.
  for (let index = 0; index < Number(count); index += 1)
    setTimeout(keep, index, kinds[index % kinds.length] ?? '', Number(port), from[index % from.length] ?? '');
  process.stdout.write('started\n');
  process.on('SIGTERM', () => {
    process.stdout.write(JSON.stringify(counts));
    process.exit(0);
  });
}
