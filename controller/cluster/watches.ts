import { PROTECTED_LABEL } from '../../database/vocabulary.ts';
import { serializeLists } from '../../kubernetes/serialize-lists.ts';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import { MONITORING_KINDS, RENDERED_KINDS, RESOURCES } from '../resources.ts';
import type { KeptFigures } from '../../kubernetes/metrics.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';
import { lastOf } from '../../kubernetes/store.ts';
import type { ManagedObject } from '../databases/observation.ts';
import type { ObjectVersion } from '../databases/object-version.ts';
import type { Urgency } from '../runtime/loop.ts';
import { urgencyOf } from './wake-up.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import { managedObjectOf, projectManagedObject } from './managed-object.ts';
import { projectNamespace, projectStorageClass } from './cluster-objects.ts';
import { isNewsForDatabase, projectDatabaseBackup } from './database-backup.ts';
import { projectDatabaseRestore } from './database-restore.ts';
import { databaseNamedIn } from './dependent.ts';
import type { DatabaseProjection } from './database.ts';
import { isProtected } from './database.ts';
import type { KindWatchOptions, WatchContext } from './kind-watch.ts';
import { KindWatch } from './kind-watch.ts';
import { Holdings } from './holdings.ts';
import type { Projection } from './projection.ts';
import { OWNED_SELECTOR } from './projection.ts';
import { projectConfigMap } from '../engines/index.ts';
import { projectJob } from './job.ts';
import { projectPod } from './pod.ts';
import { whereServed } from './optional-kinds.ts';
import { internedCharacters } from './intern.ts';
import { projectClaim, projectCronJob, projectStatefulSet } from './workload.ts';

/** The limit when the options name none. */
const MOST_BYTES = 100_000_000;

const byOwner = ({ owner }: Projection): string => owner;
/** Protected Databases are indexed by their namespace. */
const byProtected = (kept: DatabaseProjection): string | undefined => (isProtected(kept) ? kept.namespace : undefined);

/** A watched kind, whatever the type of its projections. */
type Kind<T = unknown> = Pick<KindWatch<T>, keyof KindWatch<T>>;

/** Builds the watches of kinds whose objects belong to Databases. */
function ownedBy(holdings: Holdings) {
  return <T extends Projection>(
    resource: Resource,
    project: (raw: KubernetesObject) => T | undefined,
  ): KindWatchOptions<T> => ({
    ...{ resource, labelSelector: OWNED_SELECTOR, index: byOwner },
    project: holdings.ofKept(resource.plural, project),
  });
}

/** Builds the watches of kinds whose objects name their Database in their spec. */
function namedBy(holdings: Holdings) {
  return <T extends Projection>(
    resource: Resource,
    project: (raw: KubernetesObject) => T | undefined,
  ): KindWatchOptions<T> => {
    const projecting = { project, owner: databaseNamedIn };
    return { resource, index: byOwner, project: holdings.ofNamed(resource.plural, projecting) };
  };
}

/** Called with the Database to look at, and the urgency. */
export type OnDatabase = (owner: string, urgency: Urgency) => void;

/** All watches of the controller, shared by all Databases. */
export class Watches {
  readonly databases;
  readonly pods;
  readonly statefulSets;
  readonly claims;
  readonly configMaps;
  readonly cronJobs;
  readonly jobs;
  readonly databaseBackups;
  readonly databaseRestores;
  /** Decides whose objects are stored. */
  readonly holdings: Holdings;
  /** Undefined in an installation for named namespaces: both kinds are cluster-scoped. */
  readonly namespaces;
  readonly storageClasses;
  /** Started on first use. */
  readonly rendered: readonly KindWatch<ManagedObjectProjection>[];
  /** Each of their objects belongs to a Database. */
  readonly #owned: readonly Kind<Projection>[];
  /** The versions of their objects can be asked for. */
  readonly #versioned: readonly Kind<Projection>[];
  /** Ballast renders objects of these kinds. */
  readonly #children: readonly Kind<ManagedObjectProjection>[];
  /** Started from the beginning. */
  readonly #always: readonly Kind[];
  #tell: OnDatabase = () => undefined;
  #isStopped = false;

  constructor(surroundings: WatchContext) {
    const { Database, Pod, StatefulSet, PersistentVolumeClaim, ConfigMap, CronJob, Job, Namespace, StorageClass } =
      RESOURCES;
    const { clock, log, mostBytes = MOST_BYTES } = surroundings;
    const follow = { ...surroundings, api: serializeLists(surroundings.api) };
    const holdings = new Holdings({ clock, log, mostBytes });
    const [owned, named] = [ownedBy(holdings), namedBy(holdings)];
    this.databases = new KindWatch({ resource: Database, project: holdings.database, index: byProtected }, follow);
    this.pods = new KindWatch(owned(Pod, projectPod), follow);
    this.statefulSets = new KindWatch(owned(StatefulSet, projectStatefulSet), follow);
    this.claims = new KindWatch(owned(PersistentVolumeClaim, projectClaim), follow);
    this.configMaps = new KindWatch({ ...owned(ConfigMap, projectConfigMap), metadataOnly: true }, follow);
    this.cronJobs = new KindWatch(owned(CronJob, projectCronJob), follow);
    this.jobs = new KindWatch(owned(Job, projectJob), follow);
    this.databaseBackups = new KindWatch(named(RESOURCES.DatabaseBackup, projectDatabaseBackup), follow);
    this.databaseRestores = new KindWatch(named(RESOURCES.DatabaseRestore, projectDatabaseRestore), follow);
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
    const backups = [this.jobs, this.databaseBackups, this.databaseRestores];
    this.#owned = [this.databases, this.pods, ...this.#children];
    this.#versioned = [...this.#owned, ...backups];
    const others = [this.namespaces, this.storageClasses].filter((one) => one !== undefined);
    this.#always = [this.databases, this.pods, ...rendered, ...backups, ...others];
    this.holdings = holdings;
    holdings.follow(this.databases, [this.pods, ...this.#children, ...backups], (owner) => {
      this.#tell(owner, 'now');
    });
  }

  /** Starts the permanent watches; calls back for every change that matters to a Database. */
  start(tell: OnDatabase): void {
    this.#tell = tell;
    const onChange = (change: ObjectChange<Projection>): void => {
      const urgency = urgencyOf(change);
      if (urgency !== 'never') tell(lastOf(change).owner, urgency);
    };
    for (const followed of this.#owned) followed.onChange(onChange);
    this.databaseBackups.onChange((change) => {
      if (isNewsForDatabase(change)) tell(lastOf(change).owner, 'now');
    });
    this.databaseRestores.onChange((change) => {
      tell(lastOf(change).owner, 'now');
    });
    this.namespaces?.onChange(({ key }) => {
      for (const { owner } of this.databases.indexed(key)) tell(owner, 'now');
    });
    this.databases.start();
    void this.databases.synced.then(() => {
      // From here on the holdings know whose objects are stored.
      for (const followed of this.#isStopped ? [] : this.#always) followed.start();
    });
  }

  /** Starts the watches of all rendered kinds. Returns whether all of them are synced. */
  wantRendered(): boolean {
    void this.databases.synced.then(() => {
      for (const followed of this.#isStopped ? [] : this.rendered) followed.start();
    });
    return this.rendered.every(({ isSynced }) => isSynced);
  }

  /** Resolves when the permanent watches are synced. */
  get synced(): Promise<unknown> {
    return Promise.all(this.#always.map(({ synced }) => synced));
  }

  /** Resolves when the watches of all rendered kinds are synced. */
  get renderedSynced(): Promise<unknown> {
    return Promise.all(this.rendered.map(({ synced }) => synced));
  }

  get isSynced(): boolean {
    return this.#always.every(({ isSynced }) => isSynced);
  }

  /** The started watches by resource, for their staleness. */
  started(): Readonly<Record<string, Pick<Kind, 'staleness'>>> {
    const started = [...this.#always, ...this.rendered].filter(({ isStarted }) => isStarted);
    return Object.fromEntries(started.map((followed) => [followed.resource.plural, followed]));
  }

  stop(): void {
    this.#isStopped = true;
    this.holdings.stop();
    for (const followed of [...this.#always, ...this.rendered]) followed.stop();
  }

  /** All objects of a Database of the rendered kinds, as far as these are watched. */
  childrenOf(owner: string): ManagedObject[] {
    return this.#children.flatMap((followed) =>
      followed.indexed(owner).map((kept) => managedObjectOf(followed.resource, kept)),
    );
  }

  /** Figures of the stored objects. */
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

  /** Which parts of a Database's objects were too large to store, in words. */
  cutOf(owner: string): string[] {
    const own = this.databases.get(owner);
    const all = [...(own ? [own] : []), ...this.pods.indexed(owner), ...this.configMaps.indexed(owner)] as Projection[];
    return all.flatMap(({ cut }) => cut ?? []);
  }

  /** The last seen version of an object; undefined when it is absent or not watched. */
  versionOf(kind: string, key: string): ObjectVersion | undefined {
    const all: readonly Kind<ObjectVersion>[] = [...this.#versioned, ...(this.namespaces ? [this.namespaces] : [])];
    return all.find(({ resource }) => resource.kind === kind)?.get(key);
  }
}
