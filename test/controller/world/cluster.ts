import { createHash } from 'node:crypto';
import { sortedJson } from '../../../database/sorted-json.ts';
import type { Clock } from '../../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import type { FakeApiServer } from '../fake-api-server.ts';
import type { Plain } from './objects.ts';
import { part, setStatus } from './objects.ts';
import type { Group, PatroniState } from './patroni.ts';
import { Patroni } from './patroni.ts';

const DATABASE = 'db.example.com/database';
const ENGINE = 'postgresql';
/** How often all is looked at even when nothing changes. */
const ROUND_MS = 1000;
const REACTION_MS = 20;
/** How long a container that ended stays down. */
const DOWN_MS = 60_000;
/** Kinds that nothing in the cluster looks at. */
const UNNOTICED: ReadonlySet<string> = new Set(['Event', 'Lease', 'Database']);

/** What the cluster knows beside what stands in the API server. */
export interface ClusterState extends PatroniState {
  /** Members of each Database that ever ran. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What stands behind a real API server: the controller of StatefulSets, kubelets, volumes, and Patroni in the pods. */
export class Cluster {
  readonly patroni: Patroni;
  readonly #fake: FakeApiServer;
  readonly #clock: Clock;
  readonly #known = new Map<string, Set<string>>();
  /** Containers that ended, by the uid of their pod, with when. */
  readonly #ended = new Map<string, number>();
  readonly #stopListening: () => void;
  #cancel: () => void = () => undefined;
  #isDue = false;
  #isEnded = false;

  constructor(fake: FakeApiServer, clock: Clock, state?: ClusterState) {
    this.#fake = fake;
    this.#clock = clock;
    this.patroni = new Patroni(fake, clock, state);
    for (const [owner, members] of state?.known ?? []) this.#known.set(owner, new Set(members));
    this.#stopListening = fake.storage.listen(({ kind }) => {
      if (!UNNOTICED.has(kind.kind)) this.#soon();
    });
  }

  start(): void {
    this.#tick();
  }

  stop(): void {
    this.#isEnded = true;
    this.#stopListening();
    this.#cancel();
  }

  state(): ClusterState {
    const known = [...this.#known].map(([owner, members]) => [owner, new Set(members)] as const);
    return { ...this.patroni.state(), known: new Map(known) };
  }

  /** The server of a pod dies, and the kubelet reports it; it is started again after a while. */
  kill(key: string): void {
    const pod = this.#fake.get('Pod', key);
    if (!pod) throw new Error(`there is no pod ${key}`);
    this.#ended.set(pod.metadata.uid ?? '', this.#clock.now());
    const finishedAt = this.#clock.date().toISOString();
    this.#report(pod, false, { terminated: { exitCode: 137, reason: 'Error', finishedAt } });
  }

  /** Lets a member lead, as after a switchover. */
  lead(namespace: string, name: string, member: string): void {
    const group = this.groupOf(namespace, name);
    this.patroni.take(group, member);
    this.patroni.round(group);
  }

  /** The members of a Database that run. */
  groupOf(namespace: string, name: string): Group {
    const all = this.#fake.all('Pod').filter(({ metadata }) => {
      const isOurs = metadata.namespace === namespace && metadata.labels?.[DATABASE] === name;
      return isOurs && metadata.deletionTimestamp === undefined;
    });
    const running = all.filter((pod) => 'running' in part(serverOf(pod), 'state'));
    const known = this.#known.get(`${namespace}/${name}`) ?? new Set<string>();
    this.#known.set(`${namespace}/${name}`, known);
    return { namespace, name, running, known };
  }

  #tick(): void {
    this.#round();
    this.#cancel = this.#clock.after(ROUND_MS, () => {
      this.#tick();
    });
  }

  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.after(REACTION_MS, () => {
      this.#isDue = false;
      if (!this.#isEnded) this.#round();
    });
  }

  #round(): void {
    for (const claim of this.#fake.all('PersistentVolumeClaim')) this.#provide(claim);
    for (const set of this.#fake.all('StatefulSet')) this.#run(set);
    for (const pod of this.#fake.all('Pod')) this.#care(pod);
    const owners = new Set(this.#fake.all('Pod').map(ownerOf));
    for (const owner of owners) {
      const [namespace = '', name = ''] = owner.split('/');
      this.patroni.round(this.groupOf(namespace, name));
    }
  }

  /** A claim is bound at once, and grows where its class can. */
  #provide(claim: KubernetesObject): void {
    const { storage } = part(claim, 'spec', 'resources', 'requests');
    if (part(claim, 'status', 'capacity')['storage'] === storage) return;
    setStatus(this.#fake, 'PersistentVolumeClaim', keyOf(claim.metadata), { phase: 'Bound', capacity: { storage } });
  }

  #run(set: KubernetesObject): void {
    const { metadata } = set;
    const { replicas = 1, template } = part(set, 'spec') as { replicas?: number; template?: Plain };
    const updateRevision = revisionOf(template);
    const observed = { observedGeneration: metadata.generation, updateRevision };
    const { observedGeneration, updateRevision: was } = part(set, 'status');
    if (observedGeneration !== observed.observedGeneration || was !== updateRevision) {
      setStatus(this.#fake, 'StatefulSet', keyOf(metadata), observed);
    }
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) this.#make(set, ordinal, updateRevision);
    const extra = this.#fake
      .all('Pod')
      .filter((pod) => isOwnedBy(pod, set) && Number(/\d+$/.exec(pod.metadata.name)?.[0]) >= replicas);
    for (const pod of extra) this.#end(pod);
  }

  #make(set: KubernetesObject, ordinal: number, revision: string): void {
    const { namespace = '', name, uid = '' } = set.metadata;
    const pod = `${name}-${ordinal}`;
    const template = part(set, 'spec', 'template');
    const claim = { name: `data-${pod}`, namespace };
    if (!this.#fake.get('PersistentVolumeClaim', keyOf(claim))) {
      const [{ spec = {} } = {}] = part(set, 'spec')['volumeClaimTemplates'] as Plain[];
      const labels = part(set, 'spec', 'selector', 'matchLabels') as Record<string, string>;
      this.#fake.put({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...claim, labels }, spec });
    }
    if (this.#fake.get('Pod', `${namespace}/${pod}`)) return;
    const labels = { ...(part(template, 'metadata', 'labels') as Record<string, string>) };
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true };
    const metadata = {
      name: pod,
      namespace,
      labels: { ...labels, 'controller-revision-hash': revision },
      ownerReferences: [owner],
    };
    this.#fake.put({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...part(template, 'spec'), nodeName: 'node' } });
  }

  /** The kubelet's part: starts what has its Secrets, ends what is deleted. */
  #care(pod: KubernetesObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#end(pod);
      return;
    }
    const server = part(serverOf(pod), 'state');
    if ('running' in server) return;
    const ended = this.#ended.get(pod.metadata.uid ?? '');
    if (ended !== undefined && this.#clock.now() - ended < DOWN_MS) return;
    const owner = ownerOf(pod);
    const missing = ['superuser', 'replication', 'tls'].some((end) => !this.#fake.get('Secret', `${owner}-${end}`));
    if (missing) {
      if (!('waiting' in server)) this.#report(pod, false, { waiting: { reason: 'CreateContainerConfigError' } });
      return;
    }
    this.#report(pod, true, { running: { startedAt: this.#clock.date().toISOString() } });
  }

  #end(pod: KubernetesObject): void {
    const [namespace = '', name = ''] = ownerOf(pod).split('/');
    this.patroni.stop(this.groupOf(namespace, name), pod.metadata.name);
    this.#fake.remove('Pod', keyOf(pod.metadata));
  }

  #report(pod: KubernetesObject, ready: boolean, state: Plain): void {
    const before = serverOf(pod);
    const last = part(before, 'state')['terminated'];
    const restartCount = Number(before['restartCount'] ?? 0) + (last ? 1 : 0);
    const lastTransitionTime = this.#clock.date().toISOString();
    setStatus(this.#fake, 'Pod', keyOf(pod.metadata), {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }],
      containerStatuses: [{ name: ENGINE, state, restartCount, lastState: last ? { terminated: last } : {} }],
    });
  }
}

const revisions = new WeakMap<object, string>();

/** What a template is told from others by; stored ones never change. */
function revisionOf(template: Plain = {}): string {
  const known = revisions.get(template);
  if (known !== undefined) return known;
  const revision = createHash('sha1').update(sortedJson(template)).digest('hex').slice(0, 8);
  revisions.set(template, revision);
  return revision;
}

function serverOf(pod: KubernetesObject): Plain {
  const { containerStatuses = [] } = part(pod, 'status') as { containerStatuses?: Plain[] };
  return containerStatuses.find(({ name }) => name === ENGINE) ?? {};
}

function ownerOf({ metadata }: KubernetesObject): string {
  return keyOf({ namespace: metadata.namespace, name: metadata.labels?.[DATABASE] ?? '' });
}

function isOwnedBy({ metadata }: KubernetesObject, set: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) ?? false;
}
