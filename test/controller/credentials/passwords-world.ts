import { makePassword } from '../../../controller/credentials/password.ts';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import type { PasswordStep, PasswordState, PrimaryRoles } from '../../../controller/credentials/rotation.ts';
import { PREVIOUS, decidePasswords } from '../../../controller/credentials/rotation.ts';
import type { Account } from '../../../controller/credentials/secret.ts';
import { ACCOUNTS, secretOf } from '../../../controller/credentials/secret.ts';
import { MONITOR } from '../../../generator/postgresql/exporter.ts';
import { ROLES } from '../../../controller/credentials/statements.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';
import { takes } from '../../../lab/credentials/takes.ts';

/** What PostgreSQL holds: role to verifier, and whether the database is there. */
export interface Roles {
  readonly verifiers: ReadonlyMap<string, Confidential>;
  readonly hasDatabase: boolean;
}

/** A member: when it started, and with which passwords in its environment. */
export interface MemberEnvironment {
  startedAt: Date;
  readonly passwords: Map<Account, string>;
}

/** A Database in memory: Secrets, roles, members, and a clock that is moved by hand. */
export class PasswordsWorld {
  now = new Date('2026-11-21T00:00:00Z');
  annotations: Record<string, string> = {};
  roles: Roles | undefined;
  readonly target = modelFor('orders', 'shop');
  readonly stored = new StoredSecrets(this.target);
  members: MemberEnvironment[] = [];
  readonly taken: string[] = [];
  restarts = 0;

  /** Patroni makes its two roles when the first member starts. */
  bootstrap(members: number): void {
    for (let count = 0; count < members; count += 1) this.start(count);
    const verifiers = new Map<string, Confidential>();
    this.roles = { verifiers, hasDatabase: false };
    for (const account of ['superuser', 'replication'] as const) {
      this.run(`CREATE ROLE "${ROLES[account]}" PASSWORD '${this.passwordOf(account)}'`);
    }
  }

  /** Starts a member, or restarts it. */
  start(index: number): void {
    const passwords = new Map(
      (['superuser', 'replication'] as const).map((one) => [one, this.passwordOf(one)] as const),
    );
    this.members[index] = { startedAt: this.now, passwords };
  }

  advance(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds);
  }

  passwordOf(account: Account): string {
    return this.stored.get(secretOf(account, 'orders'))?.data['password']?.reveal() ?? '';
  }

  /** Stores the password itself or a verifier: the former is quick to compare. */
  takes(account: Account, password: string | undefined): boolean {
    const verifier = this.roles?.verifiers.get(ROLES[account]);
    if (password === undefined || !verifier) return false;
    return verifier.reveal() === password || takes(verifier.reveal(), new Confidential(password));
  }

  #primary(secret: PasswordState['secrets']['superuser']): PrimaryRoles | undefined {
    if (!this.roles || !secret) return undefined;
    const login = (['password', PREVIOUS] as const).find((key) => this.takes('superuser', secret.data[key]?.reveal()));
    if (!login) return { login: 'refused' };
    const roles = ACCOUNTS.filter((account) => this.roles?.verifiers.has(ROLES[account])).map(
      (account) => [ROLES[account], { isInForce: this.takes(account, this.passwordOf(account)) }] as const,
    );
    if (this.roles.verifiers.has(MONITOR.role)) roles.push([MONITOR.role, { isInForce: false }]);
    return { login, roles: { roles: new Map(roles), hasDatabase: this.roles.hasDatabase } };
  }

  observe(): PasswordState {
    const secrets = Object.fromEntries(
      ACCOUNTS.map((account) => [account, this.stored.get(secretOf(account, 'orders'))]),
    ) as PasswordState['secrets'];
    const { annotations, target } = this;
    return { target, annotations, secrets, primary: this.#primary(secrets.superuser) };
  }

  /** Runs a statement as PostgreSQL would; false when it refuses. */
  run(sql: string): boolean {
    const { verifiers, hasDatabase } = this.roles ?? { verifiers: new Map<string, Confidential>(), hasDatabase: false };
    const [, verb, role = '', verifier = ''] = /^(CREATE|ALTER) ROLE "(\w+)"(?: .*PASSWORD '(.*)'$)?/.exec(sql) ?? [];
    if (!verb) {
      if (hasDatabase || sql !== 'CREATE DATABASE "app" OWNER "app"') return false;
      this.roles = { verifiers, hasDatabase: true };
      return true;
    }
    if (verifiers.has(role) === (verb === 'CREATE')) return false;
    this.roles = { verifiers: new Map(verifiers).set(role, new Confidential(verifier)), hasDatabase };
    return true;
  }

  /** Takes the step that this observation asks for, or as many of its statements as there is time for. */
  take(seen: PasswordState, statements = Infinity): PasswordStep {
    const decision = decidePasswords(seen, this.now, makePassword);
    let isDone = false;
    if ('write' in decision) isDone = this.stored.write(decision.write);
    if (decision.step === 'run') {
      isDone = decision.statements.slice(0, statements).every(({ sql }) => this.run(sql.reveal()));
    }
    if (isDone) this.taken.push('account' in decision ? `${decision.step} ${decision.account}` : decision.step);
    return decision;
  }

  /** Goes on until there is nothing left to do; throws when there is no end. */
  settle(): PasswordStep {
    for (let steps = 0; steps < 50; steps += 1) {
      const decision = this.take(this.observe());
      if (decision.step === 'wait' || decision.step === 'stuck') return decision;
    }
    throw new Error(`no end: ${this.taken.slice(-9).join(', ')}`);
  }
}
