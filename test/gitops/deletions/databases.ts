import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Database } from '../../../database/object.ts';
import type { Cluster } from '../../../lab/cluster/layout.ts';
import { DatabaseUser } from '../../nodes/person.ts';

/** The names of the Databases, each with the policy that it has. */
export const POLICIES = { orders: 'Protect', carts: 'Retain', drafts: 'Delete' } as const;
/** One of the Databases. */
export type Name = keyof typeof POLICIES;
/** All of them. */
export const NAMES = Object.keys(POLICIES) as Name[];

const QUIET_MS = 2_500;
const STABLE_MS = 180_000;
const DONE = 'kept';

interface Listed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
}

/** Three Databases in a namespace, one of each deletion policy, with a row of data in each. */
export class GuardedDatabases {
  readonly #users: Readonly<Record<Name, DatabaseUser>>;

  constructor(cluster: Cluster, namespace: string) {
    const user = (name: Name): DatabaseUser => new DatabaseUser(cluster, namespace, name);
    this.#users = { orders: user('orders'), carts: user('carts'), drafts: user('drafts') };
  }

  /** One Database's user. */
  user(name: Name): DatabaseUser {
    return this.#users[name];
  }

  /** A Database as its user writes it into a file: it takes its volumes again when a tool has removed it. */
  written(name: Name, spec: object = {}, annotations?: Readonly<Record<string, string>>): Database {
    const base = {
      replicas: 1,
      backup: { enabled: false },
      bootstrap: { adopt: true },
      deletionPolicy: POLICIES[name],
    };
    return this.user(name).written({ ...base, ...spec }, annotations);
  }

  /** Waits until all are as was asked for. */
  async untilSettled(): Promise<void> {
    for (const name of NAMES) {
      await this.user(name).untilSettled();
    }
  }

  /** Writes a row into each. */
  async writeRows(): Promise<void> {
    for (const name of NAMES) {
      await this.user(name).onPrimary(`CREATE TABLE kept (what text); INSERT INTO kept VALUES ('${DONE}')`);
    }
  }

  /** Expects the row in each. */
  async expectRows(): Promise<void> {
    for (const name of NAMES) {
      expect(await this.user(name).onPrimary('SELECT what FROM kept'), name).to.equal(DONE);
    }
  }

  /** The uid of every volume and Secret of each; what is being deleted has none. */
  async kept(): Promise<Readonly<Record<string, string>>> {
    const items = await this.#list('pvc,secret');
    return Object.fromEntries(
      items.map(({ kind, metadata: { name, uid, deletionTimestamp } }) => [
        `${kind} ${name}`,
        deletionTimestamp === undefined ? uid : 'is being deleted',
      ]),
    );
  }

  /** What each has lost of what runs it, once that changes no more: the Database itself, its StatefulSet, its Services. */
  async untilStill(): Promise<Readonly<Record<Name, string>>> {
    const end = performance.now() + STABLE_MS;
    let last = '';
    for (;;) {
      const { gone, isMoving } = await this.#gone();
      const now = JSON.stringify(gone);
      if (!isMoving && now === last) return gone;
      if (performance.now() > end) throw new Error(`a deletion did not end: ${now}`);
      last = now;
      await sleep(QUIET_MS);
    }
  }

  async #gone(): Promise<{ readonly gone: Readonly<Record<Name, string>>; readonly isMoving: boolean }> {
    const items = await this.#list('db,sts,svc');
    // A Database bears no label of its own.
    const { items: databases } = JSON.parse(await this.user('orders').kubectl.run(['get', 'db', '--output=json'])) as {
      items: Listed[];
    };
    const there = new Set([...items, ...databases].map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const of = (name: Name): string => {
      const lost = [
        ['Database', there.has(`Database ${name}`)],
        ['workload', there.has(`StatefulSet ${name}`)],
        ['Services', there.has(`Service ${name}-primary`)],
      ].filter(([, isThere]) => isThere === false);
      return lost.map(([what]) => String(what)).join(', ');
    };
    const isMoving = [...items, ...databases].some(({ metadata }) => metadata.deletionTimestamp !== undefined);
    return { gone: { orders: of('orders'), carts: of('carts'), drafts: of('drafts') }, isMoving };
  }

  async #list(kinds: string): Promise<readonly Listed[]> {
    const text = await this.user('orders').kubectl.run([
      ...['get', kinds, '--selector=db.example.com/database', '--output=json'],
    ]);
    return (JSON.parse(text) as { items: Listed[] }).items;
  }
}
