import { inTurn } from '../kubernetes/in-turn.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import type { Change } from '../kubernetes/store.ts';
import type { Child, ObjectVersion } from '../observation.ts';
import type { Urgency } from './changes.ts';
import { urgencyOf } from './changes.ts';
import type { ChildKept } from './child.ts';
import { childOf, projectChild } from './child.ts';
import { projectNamespace, PROTECTED_LABEL, projectStorageClass } from './cluster.ts';
import { isProtected, projectDatabase } from './database.ts';
import type { Surroundings } from './followed.ts';
import { Followed } from './followed.ts';
import type { Kept } from './kept.ts';
import { OWNED } from './kept.ts';
import { projectConfigMap } from './patroni.ts';
import { projectPod } from './pod.ts';
import { whereServed } from './served.ts';
import { projectClaim, projectCronJob, projectStatefulSet } from './workload.ts';

/** Kinds that matter only where Ballast applies or removes what it renders. */
const RENDERED = [
  RESOURCES.Service,
  RESOURCES.ServiceAccount,
  RESOURCES.Role,
  RESOURCES.RoleBinding,
  RESOURCES.PodDisruptionBudget,
  RESOURCES.NetworkPolicy,
  RESOURCES.Deployment,
] as const;
/** Of those, kinds that the API server may not know. */
const MONITORING = [RESOURCES.ServiceMonitor, RESOURCES.PrometheusRule] as const;

const byOwner = ({ owner }: Kept): string => owner;

/** A kind that is followed, whatever is kept of its objects. */
type Kind<T = unknown> = Pick<Followed<T>, keyof Followed<T>>;

/** Is told which Database to look at, and how soon. */
export type OnDatabase = (owner: string, urgency: Exclude<Urgency, 'never'>) => void;

/** Everything that is followed, for all Databases together. */
export class Watches {
  readonly databases;
  readonly pods;
  readonly statefulSets;
  readonly claims;
  readonly configMaps;
  readonly cronJobs;
  /** Absent where only some namespaces are looked after: both are objects of the cluster. */
  readonly namespaces;
  readonly storageClasses;
  /** Followed from when they are first asked for. */
  readonly rendered: readonly Followed<ChildKept>[];
  /** Of these each object belongs to a Database. */
  readonly #owned: readonly Kind<Kept>[];
  /** Of these Ballast renders objects. */
  readonly #children: readonly Kind<ChildKept>[];
  /** Followed from the start. */
  readonly #always: readonly Kind[];

  constructor(surroundings: Surroundings) {
    const owned = { labelSelector: OWNED, index: byOwner };
    const { Database, Pod, StatefulSet, PersistentVolumeClaim, ConfigMap, CronJob, Namespace, StorageClass } =
      RESOURCES;
    const follow = { ...surroundings, api: inTurn(surroundings.api) };
    this.databases = new Followed(
      // Found by their namespace are those that protect it.
      {
        resource: Database,
        project: projectDatabase,
        index: (kept) => (isProtected(kept) ? kept.namespace : undefined),
      },
      follow,
    );
    this.pods = new Followed({ resource: Pod, project: projectPod, ...owned }, follow);
    this.statefulSets = new Followed({ resource: StatefulSet, project: projectStatefulSet, ...owned }, follow);
    this.claims = new Followed({ resource: PersistentVolumeClaim, project: projectClaim, ...owned }, follow);
    this.configMaps = new Followed({ resource: ConfigMap, project: projectConfigMap, ...owned }, follow);
    this.cronJobs = new Followed({ resource: CronJob, project: projectCronJob, ...owned }, follow);
    const cluster = surroundings.namespaces.length === 0;
    this.namespaces = cluster
      ? new Followed({ resource: Namespace, project: projectNamespace, labelSelector: PROTECTED_LABEL }, follow)
      : undefined;
    this.storageClasses = cluster
      ? new Followed({ resource: StorageClass, project: projectStorageClass }, follow)
      : undefined;
    const lenient = { ...follow, api: whereServed(follow.api, follow.clock) };
    this.rendered = [
      ...RENDERED.map((resource) => new Followed({ resource, project: projectChild(resource), ...owned }, follow)),
      ...MONITORING.map((resource) => new Followed({ resource, project: projectChild(resource), ...owned }, lenient)),
    ];
    const rendered = [this.statefulSets, this.claims, this.configMaps, this.cronJobs];
    this.#children = [...rendered, ...this.rendered];
    this.#owned = [this.databases, this.pods, ...this.#children];
    const others = [this.namespaces, this.storageClasses].filter((one) => one !== undefined);
    this.#always = [this.databases, this.pods, ...rendered, ...others];
  }

  /** Begins to follow what always matters; tells of every change that matters to a Database. */
  start(tell: OnDatabase): void {
    const onChange = (change: Change<Kept>): void => {
      const urgency = urgencyOf(change);
      if (urgency !== 'never') tell((change.type === 'deleted' ? change.before : change.after).owner, urgency);
    };
    for (const followed of this.#owned) followed.onChange(onChange);
    this.namespaces?.onChange(({ key }) => {
      for (const { owner } of this.databases.indexed(key)) tell(owner, 'now');
    });
    for (const followed of this.#always) followed.start();
  }

  /** Begins to follow every kind that is rendered. Whether all that is there is known by now. */
  wantRendered(): boolean {
    for (const followed of this.rendered) followed.start();
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
    for (const followed of [...this.#always, ...this.rendered]) followed.stop();
  }

  /** All objects of a Database that are of a kind that Ballast renders, and that are followed. */
  childrenOf(owner: string): Child[] {
    return this.#children.flatMap((followed) =>
      followed.indexed(owner).map((kept) => childOf(followed.resource, kept)),
    );
  }

  /** Which version of an object was seen last; undefined when it is not there, or not followed. */
  versionOf(kind: string, key: string): ObjectVersion | undefined {
    const all: readonly Kind<ObjectVersion>[] = [...this.#owned, ...(this.namespaces ? [this.namespaces] : [])];
    return all.find(({ resource }) => resource.kind === kind)?.get(key);
  }
}
