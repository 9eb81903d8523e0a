import { PROTECTED_LABEL } from '../../database/vocabulary.ts';
import { serializeLists } from '../../kubernetes/serialize-lists.ts';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import { MONITORING_KINDS, RENDERED_KINDS, RESOURCES } from '../resources.ts';
import type { KeptFigures } from '../../kubernetes/metrics.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';
import type { ManagedObject, ObjectVersion } from '../databases/observation.ts';
import type { Urgency } from '../runtime/loop.ts';
import { urgencyOf } from './wake-up.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import { managedObjectOf, projectManagedObject } from './managed-object.ts';
import { projectNamespace, projectStorageClass } from './cluster-objects.ts';
import type { DatabaseProjection } from './database.ts';
import { isProtected } from './database.ts';
import type { KindWatchOptions, WatchContext } from './kind-watch.ts';
import { KindWatch } from './kind-watch.ts';
import { Holdings } from './holdings.ts';
import type { Projection } from './projection.ts';
import { OWNED_SELECTOR } from './projection.ts';
import { projectConfigMap } from '../engines/index.ts';
import { projectPod } from './pod.ts';
import { whereServed } from './optional-kinds.ts';
import { internedCharacters } from './intern.ts';
import { projectClaim, projectCronJob, projectStatefulSet } from './workload.ts';

/** Where nobody says how much there is. */
const MOST_BYTES = 100_000_000;

const byOwner = ({ owner }: Projection): string => owner;

/** A kind that is followed, whatever is kept of its objects. */
type Kind<T = unknown> = Pick<KindWatch<T>, keyof KindWatch<T>>;

/** How a kind is followed whose objects belong to Databases. */
function ownedBy(holdings: Holdings) {
  return <T extends Projection>(
    resource: Resource,
    project: (raw: KubernetesObject) => T | undefined,
  ): KindWatchOptions<T> => ({
    ...{ resource, labelSelector: OWNED_SELECTOR, index: byOwner },
    project: holdings.ofKept(resource.plural, project),
  });
}

/** Is told which Database to look at, and how soon. */
export type OnDatabase = (owner: string, urgency: Urgency) => void;

/** Everything that is followed, for all Databases together. */
export class Watches {
  readonly databases;
  readonly pods;
  readonly statefulSets;
  readonly claims;
  readonly configMaps;
  readonly cronJobs;
  /** Whose objects are kept. */
  readonly holdings: Holdings;
  /** Absent where only some namespaces are looked after: both are objects of the cluster. */
  readonly namespaces;
  readonly storageClasses;
  /** Followed from when they are first asked for. */
  readonly rendered: readonly KindWatch<ManagedObjectProjection>[];
  /** Of these each object belongs to a Database. */
  readonly #owned: readonly Kind<Projection>[];
  /** Of these Ballast renders objects. */
  readonly #children: readonly Kind<ManagedObjectProjection>[];
  /** Followed from the start. */
  readonly #always: readonly Kind[];
  #tell: OnDatabase = () => undefined;
  #isStopped = false;

  constructor(surroundings: WatchContext) {
    const { Database, Pod, StatefulSet, PersistentVolumeClaim, ConfigMap, CronJob, Namespace, StorageClass } =
      RESOURCES;
    const { clock, log, mostBytes = MOST_BYTES } = surroundings;
    const follow = { ...surroundings, api: serializeLists(surroundings.api) };
    const holdings = new Holdings({ clock, log, mostBytes });
    const owned = ownedBy(holdings);
    // Found by their namespace are those that protect it.
    const index = (kept: DatabaseProjection): string | undefined => (isProtected(kept) ? kept.namespace : undefined);
    this.databases = new KindWatch({ resource: Database, project: holdings.database, index }, follow);
    this.pods = new KindWatch(owned(Pod, projectPod), follow);
    this.statefulSets = new KindWatch(owned(StatefulSet, projectStatefulSet), follow);
    this.claims = new KindWatch(owned(PersistentVolumeClaim, projectClaim), follow);
    this.configMaps = new KindWatch({ ...owned(ConfigMap, projectConfigMap), metadataOnly: true }, follow);
    this.cronJobs = new KindWatch(owned(CronJob, projectCronJob), follow);
    const cluster = surroundings.namespaces.length === 0;
    this.namespaces = cluster
      ? new KindWatch({ resource: Namespace, project: projectNamespace, labelSelector: PROTECTED_LABEL }, follow)
      : undefined;
    this.storageClasses = cluster
      ? new KindWatch({ resource: StorageClass, project: projectStorageClass }, follow)
      : undefined;
    const lenient = { ...follow, api: whereServed(follow.api, follow.clock) };
    this.rendered = [
      ...RENDERED_KINDS.map((kind) => new KindWatch(owned(kind, projectManagedObject(kind)), follow)),
      ...MONITORING_KINDS.map((kind) => new KindWatch(owned(kind, projectManagedObject(kind)), lenient)),
    ];
    const rendered = [this.statefulSets, this.claims, this.configMaps, this.cronJobs];
    this.#children = [...rendered, ...this.rendered];
    this.#owned = [this.databases, this.pods, ...this.#children];
    const others = [this.namespaces, this.storageClasses].filter((one) => one !== undefined);
    this.#always = [this.databases, this.pods, ...rendered, ...others];
    this.holdings = holdings;
    holdings.follow(this.databases, [this.pods, ...this.#children], (owner) => {
      this.#tell(owner, 'now');
    });
  }

  /** Begins to follow what always matters; tells of every change that matters to a Database. */
  start(tell: OnDatabase): void {
    this.#tell = tell;
    const onChange = (change: ObjectChange<Projection>): void => {
      const urgency = urgencyOf(change);
      if (urgency !== 'never') tell((change.type === 'deleted' ? change.before : change.after).owner, urgency);
    };
    for (const followed of this.#owned) followed.onChange(onChange);
    this.namespaces?.onChange(({ key }) => {
      for (const { owner } of this.databases.indexed(key)) tell(owner, 'now');
    });
    this.databases.start();
    void this.databases.synced.then(() => {
      // Whose objects are kept is known from here on.
      for (const followed of this.#isStopped ? [] : this.#always) followed.start();
    });
  }

  /** Begins to follow every kind that is rendered. Whether all that is there is known by now. */
  wantRendered(): boolean {
    void this.databases.synced.then(() => {
      for (const followed of this.#isStopped ? [] : this.rendered) followed.start();
    });
    return this.rendered.every(({ isSynced }) => isSynced);
  }

  /** Fulfilled when what always matters was read once. */
  get synced(): Promise<unknown> {
    return Promise.all(this.#always.map(({ synced }) => synced));
  }

  /** Fulfilled when every kind that is rendered was read once. */
  get renderedSynced(): Promise<unknown> {
    return Promise.all(this.rendered.map(({ synced }) => synced));
  }

  get isSynced(): boolean {
    return this.#always.every(({ isSynced }) => isSynced);
  }

  /** What is followed by now, by resource, for those who ask how stale it is. */
  started(): Readonly<Record<string, Pick<Kind, 'staleness'>>> {
    const started = [...this.#always, ...this.rendered].filter(({ isStarted }) => isStarted);
    return Object.fromEntries(started.map((followed) => [followed.resource.plural, followed]));
  }

  stop(): void {
    this.#isStopped = true;
    this.holdings.stop();
    for (const followed of [...this.#always, ...this.rendered]) followed.stop();
  }

  /** All objects of a Database that are of a kind that Ballast renders, and that are followed. */
  childrenOf(owner: string): ManagedObject[] {
    return this.#children.flatMap((followed) =>
      followed.indexed(owner).map((kept) => managedObjectOf(followed.resource, kept)),
    );
  }

  /** What is kept, in figures. */
  kept(): KeptFigures {
    const { shares, aside } = this.holdings;
    return {
      bytes: () => shares.total + internedCharacters(),
      mostBytes: () => shares.mostBytes,
      aside: () => aside.counts,
      cut: () => {
        const all: Projection[] = [...this.databases.values(), ...this.pods.values(), ...this.configMaps.values()];
        return new Set(all.filter(({ cut }) => cut !== undefined).map(({ owner }) => owner)).size;
      },
    };
  }

  /** What of a Database's objects was larger than what is kept, in words. */
  cutOf(owner: string): string[] {
    const own = this.databases.get(owner);
    const all = [...(own ? [own] : []), ...this.pods.indexed(owner), ...this.configMaps.indexed(owner)] as Projection[];
    return all.flatMap(({ cut }) => cut ?? []);
  }

  /** Which version of an object was seen last; undefined when it is not there, or not followed. */
  versionOf(kind: string, key: string): ObjectVersion | undefined {
    const all: readonly Kind<ObjectVersion>[] = [...this.#owned, ...(this.namespaces ? [this.namespaces] : [])];
    return all.find(({ resource }) => resource.kind === kind)?.get(key);
  }
}
