import type { Login, Member, Pair, Servers, Session } from '../../../controller/databases/acts/servers.ts';
import { ServerError } from '../../../controller/databases/acts/servers.ts';
import { READ_DATABASE, READ_ROLES, TAKE_LOCK } from '../../../controller/credentials/statements.ts';
import { takes } from '../credentials/takes.ts';
import type { FakeApiServer } from '../fake-api-server.ts';
import type { Cluster } from './cluster.ts';

/** What the members of a Database hold in common. */
interface Contents {
  readonly roles: ReadonlyMap<string, string>;
  readonly hasDatabase: boolean;
}

/** What all PostgreSQL servers hold, by `namespace/name`. */
export type ServersState = ReadonlyMap<string, Contents>;

/** The exporter's role has no password. */
const ROLE = /^(?:CREATE|ALTER) ROLE "(\w+)"(?:.* PASSWORD '(.*)'$)?/;
const EMPTY: Contents = { roles: new Map([['postgres', '']]), hasDatabase: false };

/** `namespace/name` and pod of a member's address. */
function placeOf(host: string): { readonly namespace: string; readonly name: string; readonly pod: string } {
  const [pod = '', service = '', namespace = ''] = host.split('.');
  return { namespace, name: service.replace(/-pods$/, ''), pod };
}

/** Stands for the members of all Databases: a PostgreSQL that knows roles, and a Patroni that restarts it. */
export class FakeServers implements Servers {
  readonly #fake: FakeApiServer;
  readonly #cluster: Cluster;
  readonly #contents: Map<string, Contents>;
  /** Sessions that hold the lock of those who set passwords, by `namespace/name`. */
  readonly #locks = new Map<string, symbol>();

  constructor(fake: FakeApiServer, cluster: Cluster, state: ServersState = new Map()) {
    this.#fake = fake;
    this.#cluster = cluster;
    this.#contents = new Map(state);
  }

  state(): ServersState {
    return new Map(this.#contents);
  }

  readonly open = ({ host }: Member, { password }: Login): Promise<Session> => {
    const { namespace, name, pod } = placeOf(host);
    const owner = `${namespace}/${name}`;
    const group = this.#cluster.groupOf(namespace, name);
    const isThere = group.running.some(({ metadata }) => metadata.name === pod);
    if (!isThere || this.#cluster.patroni.leader(group) !== pod) {
      return Promise.reject(new ServerError(`${host}: the login failed (ECONNREFUSED)`, 'ECONNREFUSED'));
    }
    const verifier = this.#contents.get(owner)?.roles.get('postgres') ?? '';
    // At first it takes what it was made with, which is in the Secret.
    if (verifier !== '' && !takes(verifier, password)) {
      return Promise.reject(new ServerError(`${host}: the login failed (28P01)`, '28P01'));
    }
    const session = Symbol(owner);
    const run = (sql: string): Promise<Record<string, unknown>[]> =>
      Promise.resolve(sql === TAKE_LOCK ? [{ locked: this.#lock(owner, session) }] : this.#run(owner, sql));
    const end = (): Promise<void> => {
      if (this.#locks.get(owner) === session) this.#locks.delete(owner);
      return Promise.resolve();
    };
    return Promise.resolve({ run, end });
  };

  #lock(owner: string, session: symbol): boolean {
    const holder = this.#locks.get(owner) ?? session;
    this.#locks.set(owner, holder);
    return holder === session;
  }

  readonly restart = ({ host }: Member, _pair: Pair, role: string): Promise<void> => {
    const { namespace, name, pod } = placeOf(host);
    const found = this.#fake.get('Pod', `${namespace}/${pod}`);
    const group = this.#cluster.groupOf(namespace, name);
    const isPrimary = this.#cluster.patroni.leader(group) === pod;
    if (found && isPrimary === (role === 'primary')) this.#cluster.patroni.restart(group, found);
    return Promise.resolve();
  };

  #run(owner: string, sql: string): Record<string, unknown>[] {
    const contents = this.#contents.get(owner) ?? EMPTY;
    if (sql === READ_ROLES) return [...contents.roles].map(([rolname, rolpassword]) => ({ rolname, rolpassword }));
    if (sql === READ_DATABASE) return contents.hasDatabase ? [{}] : [];
    const [, role, verifier = ''] = ROLE.exec(sql) ?? [];
    const roles = role === undefined ? [] : [...contents.roles, [role, verifier] as const];
    this.#contents.set(owner, {
      roles: roles.length > 0 ? new Map(roles) : contents.roles,
      hasDatabase: contents.hasDatabase || sql.startsWith('CREATE DATABASE'),
    });
    return [];
  }
}
