import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';

/** What a stretch of load measured. */
export interface Load {
  /** Answers a second. */
  readonly throughput: number;
  /** 99 of 100 answers came within so many milliseconds. */
  readonly p99: number;
}

/** A request as it goes over the wire: as light for the client as can be, so that servers are what is measured. */
export function wireRequest(path: string, body: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
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

/** Asks once over a new connection; gives the whole answer. */
export async function ask(port: number, request: Buffer): Promise<string> {
  const socket = await open(port);
  socket.write(request);
  const text = await answered(socket);
  socket.destroy();
  return text;
}

async function stretch(socket: TLSSocket, requests: readonly Buffer[], end: number, times: number[]): Promise<void> {
  for (let index = 0; performance.now() < end; index += 1) {
    const start = performance.now();
    socket.write(requests[index % requests.length] ?? '');
    const text = await answered(socket);
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(text.slice(0, 200));
    times.push(performance.now() - start);
  }
}

/** Asks over so many connections at once, each after its last answer, for so many milliseconds. */
export async function load(port: number, requests: readonly Buffer[], connections: number, ms: number): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(sockets.map((socket) => stretch(socket, requests, start + ms, times)));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  times.sort((a, b) => a - b);
  return { throughput: times.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? NaN };
}
