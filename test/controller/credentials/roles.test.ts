import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Client } from 'pg';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { makePassword } from '../../../controller/credentials/password.ts';
import { isVerifierOf } from '../../../controller/credentials/scram.ts';
import type { Account } from '../../../controller/credentials/secret.ts';
import type { RoleState, Statement } from '../../../controller/credentials/statements.ts';
import {
  ALREADY_THERE,
  READ_DATABASE,
  READ_ROLES,
  ROLES,
  SESSION,
  TAKE_LOCK,
  roleStatements,
} from '../../../controller/credentials/statements.ts';
import { MONITOR } from '../../../generator/postgresql/exporter.ts';
import { membersFiles } from './members-files.ts';
import type { Postgresql } from './postgresql.ts';
import { refusalOf, startPostgresql } from './postgresql.ts';

const hidden = (text: string): Confidential => new Confidential(text);
const SUPERUSER = makePassword().reveal();

/** Statements that fail, because the role is gone. */
function lateStatements(passwords: ReadonlyMap<Account, Confidential>): Statement[] {
  const roles = new Map([...Object.values(ROLES), MONITOR.role].map((role) => [role, { isInForce: false }]));
  const statements = roleStatements(passwords, { roles, hasDatabase: true });
  return statements.map(({ what, sql }) => ({ what, sql: hidden(sql.reveal().replace(/"(\w+)"/, '"gone"')) }));
}

describe('The roles of a real PostgreSQL', function () {
  this.timeout(120_000);
  let server: Postgresql;
  let admin: Client;
  const ends: (() => Promise<void>)[] = [];

  before(async function () {
    const started = await startPostgresql(SUPERUSER, await membersFiles('orders', 'shop'));
    if (!started) this.skip();
    server = started;
    ends.push(server.stop);
    admin = await server.connect({ user: 'postgres', password: SUPERUSER, database: 'postgres' });
    ends.unshift(() => admin.end());
    await admin.query('CREATE EXTENSION pg_stat_statements');
    for (const setting of SESSION) await admin.query(setting);
  });

  after(async () => {
    for (const end of ends) await end();
  });

  const passwords = new Map<Account, Confidential>([
    ['superuser', hidden(SUPERUSER)],
    ['replication', makePassword()],
    ['app', makePassword()],
  ]);

  async function seen(): Promise<RoleState> {
    const { rows } = await admin.query<{ rolname: string; rolpassword: string | null }>(READ_ROLES);
    const verifiers = new Map(rows.map(({ rolname, rolpassword }) => [rolname, hidden(rolpassword ?? '')]));
    const roles = new Map<string, { isInForce: boolean }>();
    for (const [account, password] of passwords) {
      const verifier = verifiers.get(ROLES[account]);
      if (verifier) roles.set(ROLES[account], { isInForce: await isVerifierOf(verifier, password) });
    }
    if (verifiers.has(MONITOR.role)) roles.set(MONITOR.role, { isInForce: false });
    const { rowCount } = await admin.query(READ_DATABASE);
    return { roles, hasDatabase: rowCount === 1 };
  }

  async function enforce(): Promise<string[]> {
    const statements = roleStatements(passwords, await seen());
    for (const { sql } of statements) await admin.query(sql.reveal());
    return statements.map(({ what }) => what);
  }

  const passwordOf = (account: Account): string => passwords.get(account)?.reveal() ?? '';
  const rotate = (account: Account): void => void passwords.set(account, makePassword());

  it('makes the roles and the database, each once', async () => {
    expect(await enforce()).to.deep.equal([
      'create the role replicator',
      'create the role app',
      'create the role ballast_monitor',
      'create the database app',
    ]);
    expect(await enforce()).to.deep.equal([]);
    expect(await server.login('app', passwordOf('app'), { database: 'app' })).to.equal('app');
    const { rows } = await admin.query<{ owner: string }>(
      "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'app'",
    );
    expect(rows).to.deep.equal([{ owner: 'app' }]);
  });

  it('gives no role more rights than it needs', async () => {
    const { rows } = await admin.query(
      "SELECT rolname, rolsuper, rolreplication, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname IN ('app', 'ballast_monitor', 'replicator') ORDER BY 1",
    );
    const none = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false };
    expect(rows).to.deep.equal([
      { rolname: 'app', rolreplication: false, ...none },
      { rolname: 'ballast_monitor', rolreplication: false, ...none },
      { rolname: 'replicator', rolreplication: true, ...none },
    ]);
  });

  it('lets one session at a time set passwords, until that ends', async () => {
    const open = (): Promise<Client> => server.connect({ user: 'postgres', password: SUPERUSER, database: 'postgres' });
    const take = async (client: Client): Promise<unknown> => (await client.query(TAKE_LOCK)).rows;
    const [first, second] = [await open(), await open()];
    expect(await take(first)).to.deep.equal([{ locked: true }]);
    expect(await take(second)).to.deep.equal([{ locked: false }]);
    await first.end();
    while (JSON.stringify(await take(second)) !== '[{"locked":true}]') await sleep(5);
    await second.end();
  });

  it('goes on from any statement that was the last', async () => {
    await admin.query('DROP DATABASE app');
    await admin.query('DROP ROLE app');
    await admin.query('DROP ROLE replicator');
    await admin.query('DROP ROLE ballast_monitor');
    for (let left = 4; left > 0; left -= 1) {
      const statements = roleStatements(passwords, await seen());
      expect(statements).to.have.length(left);
      await admin.query(statements[0]?.sql.reveal() ?? '');
    }
    expect(roleStatements(passwords, await seen())).to.deep.equal([]);
  });

  it('says in known words that another was first', async () => {
    const stale: RoleState = {
      roles: new Map([['postgres', { isInForce: true }]]),
      hasDatabase: false,
    };
    for (const { sql } of roleStatements(passwords, stale)) {
      const error: unknown = await admin.query(sql.reveal()).catch((reason: unknown) => reason);
      expect((error as { code: string }).code).to.be.oneOf(ALREADY_THERE);
      expect(JSON.stringify(error) + String(error)).not.to.include('SCRAM');
    }
  });

  it('changes the password of the application: sessions stay, the old one is refused', async () => {
    const old = passwordOf('app');
    const session = await server.connect({ user: 'app', password: old, database: 'app' });
    rotate('app');
    expect(await enforce()).to.deep.equal(['set the password of the role app']);
    const { rows } = await session.query('SELECT session_user');
    expect(rows).to.deep.equal([{ session_user: 'app' }]);
    await session.end();
    expect(await server.login('app', passwordOf('app'), { database: 'app' })).to.equal('app');
    expect(await refusalOf(server.login('app', old))).to.include('password authentication failed');
  });

  it('leaves a role that was locked out locked out', async () => {
    await admin.query('ALTER ROLE app NOLOGIN');
    rotate('app');
    await enforce();
    expect(await refusalOf(server.login('app', passwordOf('app')))).to.include('is not permitted to log in');
    await admin.query('ALTER ROLE app LOGIN');
  });

  it('changes the passwords of the system', async () => {
    rotate('superuser');
    rotate('replication');
    expect(await enforce()).to.deep.equal([
      'set the password of the role postgres',
      'set the password of the role replicator',
    ]);
    expect(await server.login(ROLES.superuser, passwordOf('superuser'))).to.equal('postgres');
    expect(await refusalOf(server.login(ROLES.superuser, SUPERUSER))).to.include('password authentication failed');
  });

  it('writes no verifier and no password to its log, and counts none, although it logs all statements', async () => {
    const log = server.log();
    expect(log).to.include('SET search_path = pg_catalog, pg_temp');
    for (const { sql } of lateStatements(passwords)) {
      expect(await refusalOf(admin.query(sql.reveal()))).to.include('does not exist');
    }
    await admin.query("SET log_statement = 'all'");
    const { rows } = await admin.query<{ query: string }>('SELECT query FROM public.pg_stat_statements');
    const all = server.log() + rows.map(({ query }) => query).join('\n');
    for (const secret of ['SCRAM-SHA-256$', ...[...passwords.values()].map((one) => one.reveal())]) {
      expect(all.split('\n').filter((line) => line.includes(secret))).to.deep.equal([]);
    }
  });
});
