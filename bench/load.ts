import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';

/** The measurements of a period of load. */
export interface Load {
  /** Answers a second. */
  readonly throughput: number;
  /** 99 of 100 answers came within so many milliseconds. */
  readonly p99: number;
}

/** A request as it goes over the wire. */
function wireRequest(path: string, body: string, method = 'POST'): Buffer {
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

const HEAD_END = '\r\n\r\n';

/** Waits for one whole answer. Answers here have a length, and come one at a time. */
function answered(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (): void => {
      socket.off('data', onData).off('error', reject).off('close', onClose);
    };
    const onClose = (): void => {
      reject(new Error('the server closed the connection'));
    };
    const onData = (part: Buffer): void => {
      text += part.toString('latin1');
      const end = text.indexOf(HEAD_END);
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
      const chunkedEnd = Number.isNaN(length) && text.endsWith('0\r\n\r\n');
      if (!chunkedEnd && !(text.length >= end + HEAD_END.length + length)) return;
      done();
      resolve(text);
    };
    socket.on('data', onData).once('error', reject).once('close', onClose);
  });
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends one request over a new connection; returns the whole answer. */
export async function ask(port: number, path: string, body: string, method = 'POST'): Promise<string> {
  const socket = await open(port);
  socket.write(wireRequest(path, body, method));
  const text = await answered(socket);
  socket.destroy();
  return text;
}

/** A client that sends requests over one connection. */
interface Client {
  readonly ask: (index: number) => Promise<void>;
  readonly close: () => void;
}

function expectAnswer(code: string): void {
  if (code !== '200') throw new Error(`the server answered ${code}`);
}

/** A client with minimal cost, so that the server alone is the limit. */
async function rawClient(port: number, path: string, bodies: readonly string[]): Promise<Client> {
  const requests = bodies.map((body) => wireRequest(path, body));
  const socket = await open(port);
  return {
    ask: async (index) => {
      socket.write(requests[index % requests.length] ?? '');
      expectAnswer((await answered(socket)).slice(9, 12));
    },
    close: () => {
      socket.destroy();
    },
  };
}

/** Node's own client with a kept-alive connection, as an ordinary program uses it. */
function ordinaryClient(port: number, path: string, bodies: readonly string[]): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const options = { host: '127.0.0.1', port, path, method: 'POST', agent };
  const ask = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = bodies[index % bodies.length] ?? '';
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request({ ...options, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          JSON.parse(text);
          expectAnswer(String(response.statusCode));
          resolve();
        });
      });
      sent.on('error', reject).end(body);
    });
  return {
    ask,
    close: () => {
      agent.destroy();
    },
  };
}

async function stretch(client: Client, end: number, times: number[]): Promise<void> {
  for (let index = 0; performance.now() < end; index += 1) {
    const start = performance.now();
    await client.ask(index);
    times.push(performance.now() - start);
  }
}

/** Options of a period of load. */
export interface LoadOptions {
  readonly path: string;
  readonly bodies: readonly string[];
  /** Number of connections; each sends its next request after its last answer. */
  readonly connections: number;
  readonly ms: number;
  readonly client: 'ordinary' | 'raw';
}

/** Asks a server for some time. */
export async function load(port: number, { path, bodies, connections, ms, client }: LoadOptions): Promise<Load> {
  const make = (): Promise<Client> =>
    client === 'raw' ? rawClient(port, path, bodies) : Promise.resolve(ordinaryClient(port, path, bodies));
  const clients = await Promise.all(Array.from({ length: connections }, make));
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(clients.map((one) => stretch(one, start + ms, times)));
  const seconds = (performance.now() - start) / 1000;
  for (const { close } of clients) close();
  times.sort((a, b) => a - b);
  return { throughput: times.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? NaN };
}
