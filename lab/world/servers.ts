import type { Login, Member, Pair, Servers, Session } from '../../controller/engines/servers.ts';
import { ServerError } from '../../controller/engines/servers.ts';
import { TAKE_LOCK } from '../../controller/credentials/statements.ts';
import { takes } from '../credentials/takes.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { FakeApiServer } from './fake-api-server.ts';
import type { Cluster } from './cluster.ts';
import type { ServerContents } from './server-contents.ts';
import { runStatement } from './server-contents.ts';

/** The contents of all PostgreSQL servers, by `namespace/name`. */
export type ServersState = ReadonlyMap<string, ServerContents>;

const EMPTY: ServerContents = { roles: new Map([['postgres', '']]), hasDatabase: false };

/** `namespace/name` and pod in a member's address. */
function placeOf(host: string): { readonly namespace: string; readonly name: string; readonly pod: string } {
  const [pod = '', service = '', namespace = ''] = host.split('.');
  return { namespace, name: service.replace(/-pods$/, ''), pod };
}

/** Duration of a restart, which Patroni answers at its end. */
const RESTART_MS = 1000;

/** The world around the servers. */
interface Surroundings {
  readonly fake: FakeApiServer;
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** Replaces the members of all Databases: a PostgreSQL with roles, and a Patroni that restarts it. */
export class FakeServers implements Servers {
  readonly #fake: FakeApiServer;
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #contents: Map<string, ServerContents>;
  /** Sessions that hold the advisory lock for passwords, by `namespace/name`. */
  readonly #locks = new Map<string, symbol>();

  constructor({ fake, cluster, clock }: Surroundings, state: ServersState = new Map()) {
    this.#fake = fake;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#contents = new Map(state);
  }

  state(): ServersState {
    return new Map(this.#contents);
  }

  readonly open = ({ host }: Member, { password }: Login): Promise<Session> => {
    const { namespace, name, pod } = placeOf(host);
    const owner = `${namespace}/${name}`;
    const group = this.#cluster.groupOf(namespace, name);
    const holder = this.#cluster.patroni.holder(group);
    if (holder?.metadata.name !== pod || !this.#cluster.patroni.processes.isReady(holder)) {
      return Promise.reject(new ServerError(`${host}: the login failed (ECONNREFUSED)`, 'ECONNREFUSED'));
    }
    const verifier = this.#contents.get(owner)?.roles.get('postgres') ?? '';
    // At first the server accepts its initial password, which is in the Secret.
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
    const { namespace, pod } = placeOf(host);
    const found = this.#fake.get('Pod', `${namespace}/${pod}`);
    if (!found || !this.#cluster.patroni.restart(found, role)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.after(RESTART_MS, resolve);
    });
  };

  #run(owner: string, sql: string): Record<string, unknown>[] {
    const { rows, contents } = runStatement(this.#contents.get(owner) ?? EMPTY, sql);
    this.#contents.set(owner, contents);
    return [...rows];
  }
}
