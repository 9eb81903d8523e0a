import { PATRONI_PORT } from '../../../database/engines/postgresql.ts';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { within } from './byte-limits.ts';
import type { Member, Pair } from '../servers.ts';
import { ServerError, codeOf } from '../servers.ts';

/** A restart writes a checkpoint first, which may take minutes under load. */
const RESTART_MS = 120_000;
const OK = 200;

async function post({ host, authority }: Member, { certificate, key }: Pair, body: object): Promise<number> {
  const sent = request({
    host,
    port: PATRONI_PORT,
    path: '/restart',
    method: 'POST',
    servername: host,
    ca: authority,
    cert: certificate,
    key: key.reveal(),
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  // A failure after the answer has no effect.
  sent.on('error', () => undefined);
  // A controller that ends does not wait for it: Patroni goes on by itself.
  sent.on('socket', (socket) => socket.unref());
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(JSON.stringify(body));
  try {
    const [response] = await within(RESTART_MS, answered, () => {
      sent.destroy();
    });
    return response.statusCode ?? 0;
  } finally {
    // The rest of the answer is not read.
    sent.destroy();
  }
}

/**
 * Asks a member's Patroni to restart PostgreSQL, if a restart is pending and the member has this role, presenting the Database's own
 * certificate. Throws a ServerError.
 */
export async function restartServer(member: Member, pair: Pair, role: 'primary' | 'replica'): Promise<void> {
  const what = `${member.host}: the restart`;
  let code: number;
  try {
    code = await post(member, pair, { restart_pending: true, role });
  } catch (error) {
    throw new ServerError(`${what} was not answered`, codeOf(error), { cause: error });
  }
  if (code !== OK) throw new ServerError(`${what} was refused (${code})`, String(code));
}
