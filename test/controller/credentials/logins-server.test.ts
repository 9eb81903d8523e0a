import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Client } from 'pg';
import type { Pair } from '../../../certificates/authority.ts';
import { issueServer, makeAuthority } from '../../../certificates/authority.ts';
import { makeKeys } from '../../../certificates/keys.ts';
import { configOf } from '../../../controller/engines/postgresql/session.ts';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { makePassword } from '../../../controller/credentials/password.ts';
import { hbaConf } from '../../../generator/postgresql/logins.ts';
import { accountsOf } from '../../../generator/accounts.ts';
import type { Postgresql } from './postgresql.ts';
import { refusalOf, startPostgresql } from './postgresql.ts';

const DAY = 86_400_000;
const PASSWORDS = {
  postgres: makePassword().reveal(),
  replicator: makePassword().reveal(),
  app: makePassword().reveal(),
};
type Role = keyof typeof PASSWORDS;

function hbaOf(account?: string): string {
  const annotations = account === undefined ? {} : { 'db.example.com/member-account': account };
  return hbaConf({ name: 'orders', accounts: accountsOf({ metadata: { name: 'orders', annotations } }) });
}

/** The certificates that a client may present; each is a pair of files. */
const CERTIFICATES = {
  none: undefined,
  "the Database's own": 'own',
  "another Database's": 'other',
  'one of a public authority': 'public',
  'one that ran out': 'expired',
  'one for servers only': 'servers',
  'one without a purpose': 'plain',
} as const;
type Certificate = keyof typeof CERTIFICATES;

const WAYS = { TLS: {}, 'no TLS': { PGSSLMODE: 'disable' }, 'the socket': { PGHOSTADDR: '' } } as const;

interface Attempt {
  readonly as: Role | 'stranger';
  readonly to?: 'postgres' | 'app' | 'WAL';
  readonly over?: keyof typeof WAYS;
  readonly shows: Certificate;
  readonly password?: 'wrong';
  /** `let in`, or what PostgreSQL says. */
  readonly is: string;
}

const IN = 'let in';
const NO_CERTIFICATE = 'connection requires a valid client certificate';
const WRONG_PASSWORD = 'password authentication failed';
const REJECTED = 'pg_hba.conf rejects';
const REFUSED_IN_TLS = 'SSL error';

const ATTEMPTS: readonly Attempt[] = [
  { as: 'postgres', shows: "the Database's own", is: IN },
  { as: 'postgres', shows: 'one without a purpose', is: IN },
  { as: 'postgres', shows: 'none', is: NO_CERTIFICATE },
  { as: 'postgres', shows: "another Database's", is: REFUSED_IN_TLS },
  { as: 'postgres', shows: 'one of a public authority', is: REFUSED_IN_TLS },
  { as: 'postgres', shows: 'one that ran out', is: REFUSED_IN_TLS },
  { as: 'postgres', shows: 'one for servers only', is: REFUSED_IN_TLS },
  { as: 'postgres', shows: "the Database's own", password: 'wrong', is: WRONG_PASSWORD },
  { as: 'postgres', shows: 'none', password: 'wrong', is: NO_CERTIFICATE },
  { as: 'postgres', to: 'app', shows: "the Database's own", is: IN },
  { as: 'postgres', to: 'app', shows: 'none', is: NO_CERTIFICATE },
  { as: 'postgres', to: 'WAL', shows: "the Database's own", is: REJECTED },
  { as: 'postgres', to: 'WAL', shows: 'none', is: REJECTED },
  { as: 'postgres', over: 'no TLS', shows: 'none', is: REJECTED },
  { as: 'postgres', over: 'the socket', shows: 'none', is: 'Peer authentication failed' },
  { as: 'replicator', to: 'WAL', shows: "the Database's own", is: IN },
  { as: 'replicator', to: 'WAL', shows: 'none', is: NO_CERTIFICATE },
  { as: 'replicator', to: 'WAL', shows: "another Database's", is: REFUSED_IN_TLS },
  { as: 'replicator', to: 'WAL', shows: "the Database's own", password: 'wrong', is: WRONG_PASSWORD },
  { as: 'replicator', to: 'WAL', over: 'no TLS', shows: 'none', is: REJECTED },
  { as: 'replicator', to: 'WAL', over: 'the socket', shows: 'none', is: IN },
  { as: 'replicator', to: 'WAL', over: 'the socket', shows: 'none', password: 'wrong', is: WRONG_PASSWORD },
  { as: 'replicator', shows: "the Database's own", is: REJECTED },
  { as: 'replicator', to: 'app', shows: 'none', is: REJECTED },
  { as: 'app', to: 'app', shows: 'none', is: IN },
  { as: 'app', to: 'app', shows: "the Database's own", is: IN },
  { as: 'app', to: 'app', shows: 'none', password: 'wrong', is: WRONG_PASSWORD },
  { as: 'app', to: 'app', over: 'no TLS', shows: 'none', is: REJECTED },
  { as: 'app', to: 'app', over: 'the socket', shows: 'none', is: IN },
  { as: 'app', to: 'WAL', shows: "the Database's own", is: REJECTED },
  { as: 'stranger', to: 'app', shows: "the Database's own", is: WRONG_PASSWORD },
  { as: 'stranger', to: 'app', over: 'no TLS', shows: 'none', is: REJECTED },
];

async function pairs(own: Pair, ownAuthority: Pair): Promise<Record<string, Pair>> {
  const now = new Date();
  const keys = await makeKeys();
  const life = { name: 'orders', keys, now, lifetimeMs: DAY };
  const foreign = makeAuthority({ ...life, name: 'Ballast database authority' });
  const issue = (authority: Pair, more: object): Pair =>
    issueServer({ ...life, authority, hosts: ['localhost'], isClient: true, ...more });
  return {
    own,
    other: issue(foreign, { name: 'billing' }),
    public: issue(makeAuthority({ ...life, name: 'Public authority' }), {}),
    expired: issue(ownAuthority, { now: new Date(now.getTime() - 2 * DAY) }),
    servers: issue(ownAuthority, { isClient: false }),
  };
}

/** A certificate without an extended key usage, as cert-manager issues them by default. */
function writeWithoutPurpose(folder: string, { certificate, key }: Pair): void {
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('issuer.crt'), certificate);
  writeFileSync(path('issuer.key'), key);
  const openssl = (args: string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl([
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=orders',
    '-keyout',
    path('plain.key'),
    '-out',
    path('csr'),
  ]);
  const signer = ['-CA', path('issuer.crt'), '-CAkey', path('issuer.key'), '-CAcreateserial', '-days', '1'];
  openssl(['x509', '-req', '-in', path('csr'), ...signer, '-out', path('plain.crt')]);
}

describe('Who logs in to a real PostgreSQL', function () {
  this.timeout(120_000);
  let server: Postgresql;

  before(async function () {
    const now = new Date();
    const authority = makeAuthority({
      name: 'Ballast database authority',
      keys: await makeKeys(),
      now,
      lifetimeMs: 9 * DAY,
    });
    const hosts = ['localhost', '127.0.0.1'];
    const own = issueServer({
      name: 'orders',
      keys: await makeKeys(),
      now,
      lifetimeMs: DAY,
      authority,
      hosts,
      isClient: true,
    });
    const files = { 'ca.crt': authority.certificate, 'tls.crt': own.certificate, 'tls.key': own.key };
    const started = await startPostgresql(PASSWORDS.postgres, files, { hba: hbaOf() });
    if (!started) this.skip();
    server = started;
    for (const [name, { certificate, key }] of Object.entries(await pairs(own, authority))) {
      writeFileSync(join(server.folder, `${name}.crt`), certificate);
      writeFileSync(join(server.folder, `${name}.key`), key, { mode: 0o600 });
    }
    writeWithoutPurpose(server.folder, authority);
    const admin = await server.connect({ user: 'postgres', password: PASSWORDS.postgres, database: 'postgres' });
    await admin.query(`CREATE ROLE replicator LOGIN REPLICATION PASSWORD '${PASSWORDS.replicator}'`);
    await admin.query(`CREATE ROLE app LOGIN PASSWORD '${PASSWORDS.app}'`);
    await admin.query('CREATE DATABASE app OWNER app');
    await admin.end();
  });

  after(() => (server as Postgresql | undefined)?.stop());

  function tryOut({ as, to = 'postgres', over = 'TLS', shows, password }: Omit<Attempt, 'is'>): Promise<string> {
    const file = CERTIFICATES[shows];
    const shown = (end: string): string => join(server.folder, file === undefined ? 'nothing' : `${file}.${end}`);
    const secret = as === 'stranger' || password === 'wrong' ? 'wrong' : PASSWORDS[as];
    const socket = over === 'the socket' ? { host: server.folder } : {};
    const variables = { PGSSLCERT: shown('crt'), PGSSLKEY: shown('key'), ...WAYS[over] };
    const database = to === 'WAL' ? {} : { database: to };
    return server.login(as, secret, { ...socket, ...database, replication: to === 'WAL', variables });
  }

  for (const { is, ...attempt } of ATTEMPTS) {
    const { as, to = 'postgres', over = 'TLS', shows, password = 'right' } = attempt;
    it(`${as} to ${to} over ${over}, ${password} password, certificate: ${shows}: ${is}`, async () => {
      const refusal = await refusalOf(tryOut(attempt));
      if (is === IN) expect(refusal).to.equal('no refusal');
      else expect(refusal).to.include(is);
    });
  }

  for (const from of ['127.0.0.1', '127.0.0.2', '127.9.9.9']) {
    it(`the controller is let in from ${from} with its pair, and not without`, async () => {
      const file = (name: string): string => execFileSync('cat', [join(server.folder, name)], { encoding: 'utf8' });
      const member = { host: 'localhost', authority: file('ca.crt') };
      const pair = { certificate: file('tls.crt'), key: new Confidential(file('tls.key')) };
      const login = { user: 'postgres', password: new Confidential(PASSWORDS.postgres) };
      const come = async (shown: object): Promise<string> => {
        const stream = new Socket();
        const connect = stream.connect.bind(stream);
        stream.connect = () => connect({ host: '127.0.0.1', port: server.port, localAddress: from });
        const client = new Client({ ...configOf(member, { ...login, ...shown }), stream: () => stream });
        client.on('error', () => undefined);
        await client.connect();
        const { rows } = await client.query<{ client: string }>('SELECT host(inet_client_addr()) AS client');
        await client.end();
        return rows[0]?.client ?? '';
      };
      expect(await come({ pair })).to.equal(from);
      expect(await refusalOf(come({}))).to.include(NO_CERTIFICATE);
    });
  }

  describe('while members change their account', () => {
    it('is let in without a certificate, with one, and never without TLS; sessions outlive the change', async () => {
      const without = { as: 'replicator', to: 'WAL', shows: 'none' } as const;
      const settle = async (wanted: string): Promise<void> => {
        while (!(await refusalOf(tryOut(without))).includes(wanted)) await sleep(20);
      };
      server.rule(hbaOf('ballast-member-orders'));
      await settle('no refusal');
      const session = await server.connect({ user: 'postgres', password: PASSWORDS.postgres, database: 'postgres' });
      expect(await refusalOf(tryOut({ ...without, shows: "the Database's own" }))).to.equal('no refusal');
      expect(await refusalOf(tryOut({ as: 'postgres', shows: 'none' }))).to.equal('no refusal');
      expect(await refusalOf(tryOut({ as: 'postgres', over: 'no TLS', shows: 'none' }))).to.include('no encryption');
      server.rule(hbaOf());
      await settle(NO_CERTIFICATE);
      expect((await session.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
      await session.end();
    });

    it('has one pg_hba.conf in both earlier states', () => {
      expect(hbaOf('orders')).to.equal(hbaOf('ballast-member-orders'));
      expect(hbaOf()).to.not.match(/trust|md5|password$/m);
    });
  });
});
