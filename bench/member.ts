import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import { MONITOR_ROLE } from '../database/engines/postgresql.ts';
import { Confidential } from '../controller/credentials/confidential.ts';
import { makeVerifier } from '../controller/credentials/scram.ts';
import { ROLES } from '../controller/credentials/statements.ts';
import type { ServerContents } from '../lab/world/server-contents.ts';
import { runStatement } from '../lab/world/server-contents.ts';
import type { Credentials } from './databases.ts';

/** Replaces every member of every Database for the controller's SQL sessions. */
export interface StandIn {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A message of PostgreSQL's protocol, version 3. */
function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const TEXT_TYPE = 25;
/** No table, no column, text of any length, as text. */
const COLUMN = Buffer.concat([int32(0), int16(0), int32(TEXT_TYPE), int16(-1), int32(-1), int16(0)]);
const READY = message('Z', Buffer.from('I'));
const DONE = Buffer.concat([message('C', text('DONE')), READY]);
const LET_IN = Buffer.concat([message('R', int32(0)), READY]);
const SSL_REQUEST_BYTES = 8;
const HEAD_BYTES = 5;

function described(names: readonly string[]): Buffer {
  return message('T', int16(names.length), ...names.flatMap((name) => [text(name), COLUMN]));
}

function row(values: readonly string[]): Buffer {
  const fields = values.map((value) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]));
  return message('D', int16(values.length), ...fields);
}

/** The contents that all members share: a statement to one changes all. */
interface Shared {
  contents: ServerContents;
}

/** Runs a statement; returns the answer with its rows. */
function answerTo(sql: string, shared: Shared): Buffer {
  const { rows, contents } = runStatement(shared.contents, sql);
  shared.contents = contents;
  const columns = rows[0] ? [described(Object.keys(rows[0]))] : [];
  return Buffer.concat([...columns, ...rows.map((one) => row(Object.values(one))), DONE]);
}

/** Accepts every login, and answers each statement. */
function serve(socket: TLSSocket, shared: Shared): void {
  let held = Buffer.alloc(0);
  let isIn = false;
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: Buffer) => {
    held = Buffer.concat([held, part]);
    // The first message has no type before its length.
    while (held.length >= (isIn ? HEAD_BYTES : HEAD_BYTES - 1)) {
      const length = isIn ? held.readInt32BE(1) + 1 : held.readInt32BE(0);
      if (held.length < length) return;
      const one = held.subarray(0, length);
      held = held.subarray(length);
      if (!isIn) socket.write(LET_IN);
      else if (one[0] === 'Q'.charCodeAt(0))
        socket.write(answerTo(one.toString('utf8', HEAD_BYTES, length - 1), shared));
      else if (one[0] === 'X'.charCodeAt(0)) socket.end();
      isIn = true;
    }
  });
}

function onPlain(socket: Socket, secured: (socket: Socket) => void): void {
  socket.on('error', () => socket.destroy());
  socket.once('data', (part: Buffer) => {
    if (part.length !== SSL_REQUEST_BYTES) {
      socket.destroy();
      return;
    }
    socket.write('S');
    secured(socket);
  });
}

/** Listens on the loopback. Queries for the roles return verifiers of these Secrets' passwords. */
export async function standIn({ passwords, certificate, key }: Credentials): Promise<StandIn> {
  const roles = Object.entries(ROLES).map(([account, role]) => {
    const verifier = makeVerifier(new Confidential(passwords.get(account) ?? ''));
    return [role, verifier.reveal()] as const;
  });
  // Includes the exporter's role, which logs in without a password.
  const shared: Shared = { contents: { roles: new Map([...roles, [MONITOR_ROLE, '']]), hasDatabase: true } };
  const secureContext = createSecureContext({ cert: certificate, key });
  const server: Server = createServer((socket) => {
    onPlain(socket, (plain) => {
      serve(new TLSSocket(plain, { isServer: true, secureContext }), shared);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** A module that a process loads first, so that every member's name resolves to the stand-in, whose certificate is valid for each. */
export function leadingTo(port: number): string {
  return `'use strict';
const net = require('node:net');
const tls = require('node:tls');
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [port, host] = args;
  if (typeof host === 'string' && host.endsWith('.svc.cluster.local')) return connect.call(this, ${port}, '127.0.0.1', ...args.slice(2));
  return connect.apply(this, args);
};
const { checkServerIdentity } = tls;
tls.checkServerIdentity = (host, certificate) =>
  host.endsWith('.svc.cluster.local') ? undefined : checkServerIdentity(host, certificate);
`;
}
