import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { backoffMs, pause } from '../../kubernetes/clock.ts';
import type { Log } from '../../kubernetes/log.ts';
import { bugOf } from '../../kubernetes/log.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';
import { lastOf } from '../../kubernetes/store.ts';
import type { DatabaseProjection } from './database.ts';
import { projectDatabase, stubOf } from './database.ts';
import type { KindWatch } from './kind-watch.ts';
import type { Projection } from './projection.ts';
import { ownerOf } from './projection.ts';
import { SkippedOwners } from './skipped-owners.ts';
import { DatabasesWithoutRoom } from './databases-without-room.ts';
import { Shares, weigh } from './shares.ts';

/** A kind whose objects belong to Databases. */
type OwnedKind = Pick<
  KindWatch<Projection>,
  'resource' | 'isLabelled' | 'isStarted' | 'indexed' | 'values' | 'release' | 'reread' | 'onChange'
>;
type Databases = Pick<KindWatch<DatabaseProjection>, 'get' | 'onChange' | 'replace' | 'letGo' | 'reread'>;

/** Dependencies of the holdings. */
export interface HoldingsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly mostBytes: number;
}

const BACKOFF = { firstMs: 500, mostMs: 10_000 };

/**
 * Decides whose objects are stored: those of existing Databases, as far as memory reaches. Of other objects only the owner is noted; when
 * the owner appears, they are read again.
 */
export class Holdings {
  readonly aside: DatabasesWithoutRoom;
  readonly shares: Shares;
  readonly #options: HoldingsOptions;
  readonly #passed = new Map<string, SkippedOwners>();
  readonly #catching = new Map<string, symbol>();
  readonly #end = new AbortController();
  #databases: Databases | undefined;
  #owned: readonly OwnedKind[] = [];
  #tell: (owner: string) => void = () => undefined;
  #isReclaiming = false;

  constructor(options: HoldingsOptions) {
    this.#options = options;
    this.aside = new DatabasesWithoutRoom(options.clock);
    this.shares = new Shares(options.mostBytes);
  }

  /** Wraps a projection so that it stores only objects of Databases whose objects are stored. */
  ofKept<T extends Projection>(plural: string, project: (raw: KubernetesObject) => T | undefined): typeof project {
    const passed = new SkippedOwners();
    this.#passed.set(plural, passed);
    return (raw) => {
      const owner = ownerOf(raw);
      if (owner === undefined) return undefined;
      if (this.#keeps(owner)) return project(raw);
      passed.note(owner);
      return undefined;
    };
  }

  /**
   * The same for a kind whose objects name their Database in their spec, in place of a label. Those of an absent Database are stored: their
   * status says what they wait for.
   */
  ofNamed<T extends Projection>(
    plural: string,
    { project, owner: ownerIn }: { project: (raw: KubernetesObject) => T | undefined; owner: typeof ownerOf },
  ): typeof project {
    const passed = new SkippedOwners();
    this.#passed.set(plural, passed);
    return (raw) => {
      const owner = ownerIn(raw);
      if (owner === undefined || !this.aside.has(owner)) return project(raw);
      passed.note(owner);
      return undefined;
    };
  }

  /** Projects a Database; to a stub when it was set aside. */
  readonly database = (raw: KubernetesObject): DatabaseProjection => {
    const kept = projectDatabase(raw);
    return this.aside.has(kept.owner) ? stubOf(kept) : kept;
  };

  /** Starts to account for stored objects. */
  follow(databases: Databases, owned: readonly OwnedKind[], tell: (owner: string) => void): void {
    this.#databases = databases;
    this.#owned = owned;
    this.#tell = tell;
    databases.onChange((change) => {
      this.#account(change);
      if (change.type === 'added') this.#admit(change.after);
      if (change.type === 'deleted') this.#leave(change.before);
      this.#reclaim();
    });
    for (const kind of owned) {
      kind.onChange((change) => {
        this.#account(change);
        this.#reclaim();
      });
    }
  }

  /** Whether objects of a Database are being read that arrived before the Database itself. */
  isCatchingUp(owner: string): boolean {
    return this.#catching.has(owner);
  }

  /** Takes a Database back that was set aside some time ago, if there is room now; returns whether it did. */
  readmit(owner: string): boolean {
    if (!this.aside.isDue(owner)) return false;
    if (!this.shares.fits(nameOf(owner).namespace ?? '', this.aside.bytesOf(owner))) return false;
    this.aside.admit(owner);
    void this.#catchUp(owner, true);
    return true;
  }

  stop(): void {
    this.#end.abort();
  }

  #keeps(owner: string): boolean {
    return this.#databases?.get(owner) !== undefined && !this.aside.has(owner);
  }

  #account(change: ObjectChange<Projection>): void {
    const before = change.type === 'added' ? 0 : weigh(change.before);
    const after = change.type === 'deleted' ? 0 : weigh(change.after);
    const { owner } = lastOf(change);
    this.shares.take(nameOf(owner).namespace ?? '', after - before);
  }

  #admit({ owner }: DatabaseProjection): void {
    this.aside.admit(owner);
    void this.#catchUp(owner, false);
  }

  #leave({ owner }: DatabaseProjection): void {
    this.#catching.delete(owner);
    this.aside.forget(owner);
    this.#letGo(
      owner,
      this.#owned.filter(({ isLabelled }) => isLabelled),
    );
  }

  /** Drops the objects of a Database, and notes only that there are some. */
  #letGo(owner: string, kinds = this.#owned): void {
    for (const kind of kinds) {
      if (kind.indexed(owner).length > 0) this.#passed.get(kind.resource.plural)?.note(owner);
      kind.release(owner);
    }
  }

  /** Makes room: while the stored objects exceed the memory, the namespace with the most loses its latest arrival. */
  #reclaim(): void {
    if (this.#isReclaiming) return;
    this.#isReclaiming = true;
    for (let from = this.shares.greediest(); from !== undefined; from = this.shares.greediest()) {
      if (!this.#give(from)) break;
    }
    this.#isReclaiming = false;
  }

  #give(namespace: string): boolean {
    const before = this.shares.total;
    const owner = this.aside.next(namespace);
    const kept = owner === undefined ? undefined : this.#databases?.get(owner);
    if (owner === undefined) return this.#releaseOrphans(namespace);
    if (!kept) {
      this.aside.forget(owner);
      return true;
    }
    if (this.aside.has(owner)) {
      this.#databases?.letGo(owner);
      return true;
    }
    this.#catching.delete(owner);
    this.#letGo(owner);
    this.aside.put(owner);
    this.#databases?.replace(owner, stubOf(kept));
    this.aside.weighed(owner, before - this.shares.total);
    return true;
  }

  /** Drops the objects of one absent Database of a namespace that has no Database left to set aside; returns whether there were any. */
  #releaseOrphans(namespace: string): boolean {
    for (const kind of this.#owned.filter(({ isLabelled }) => !isLabelled)) {
      for (const { owner } of kind.values()) {
        if (nameOf(owner).namespace !== namespace) continue;
        kind.release(owner);
        return true;
      }
    }
    return false;
  }

  /** Reads the objects of a Database that were skipped; until then the controller decides nothing about it. */
  async #catchUp(owner: string, itself: boolean): Promise<void> {
    const kinds = this.#owned.filter((kind) => kind.isStarted && this.#passed.get(kind.resource.plural)?.has(owner));
    if (kinds.length === 0 && !itself) return;
    const turn = Symbol(owner);
    this.#catching.set(owner, turn);
    const isOn = (): boolean => this.#catching.get(owner) === turn && !this.#end.signal.aborted;
    for (let failures = 1; isOn(); failures += 1) {
      try {
        await this.#readAgain(owner, kinds, itself);
        break;
      } catch (error) {
        const { clock, log } = this.#options;
        log.warn({ database: owner, ...bugOf(error) }, 'objects of a Database could not be read, it is tried again');
        await pause(clock, backoffMs(BACKOFF, failures, clock.random), this.#end.signal);
      }
    }
    if (!isOn()) return;
    for (const kind of kinds) this.#passed.get(kind.resource.plural)?.forget(owner);
    this.#catching.delete(owner);
    this.#tell(owner);
  }

  async #readAgain(owner: string, kinds: readonly OwnedKind[], itself: boolean): Promise<void> {
    const { namespace, name } = nameOf(owner);
    if (itself) await this.#databases?.reread({ namespace, fieldSelector: `metadata.name=${name}` });
    const labelSelector = `${DATABASE_LABEL}=${name}`;
    const read = (kind: OwnedKind): Promise<void> =>
      kind.reread(kind.isLabelled ? { namespace, labelSelector } : { namespace });
    await Promise.all(kinds.map(read));
  }
}
