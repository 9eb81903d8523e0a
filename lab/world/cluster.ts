import { createHash } from 'node:crypto';
import { sortedJson } from '../../database/sorted-json.ts';
import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { kindOf } from './fake-api/kinds.ts';
import { RESOURCES } from '../../controller/resources.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { containerOf, isReady, podStatus } from './pod-status.ts';
import type { Plain } from './objects.ts';
import { isOwnedBy, part, setStatus } from './objects.ts';
import type { Group, PatroniState } from './patroni.ts';
import { Patroni } from './patroni.ts';
import { BackupJobs } from './backup-jobs.ts';
import { Stalls } from './stalls.ts';
import { protectVolume, provideVolume } from './volumes.ts';
import { admitResize } from './volume-resize.ts';

/** Interval between rounds without a change. */
const ROUND_MS = 1000;
const REACTION_MS = 20;
/** Milliseconds until an ended container restarts. */
const DOWN_MS = 60_000;
/** Kinds that no part of the cluster watches. */
const UNNOTICED: ReadonlySet<string> = new Set(['Event', 'Lease', 'Database', 'DatabaseBackup']);

/** The parts of a cluster besides the API server: the StatefulSet controller, kubelets, volumes, and Patroni in the pods. */
export class Cluster {
  readonly patroni: Patroni;
  readonly backups: BackupJobs;
  /** Which of these parts are suspended. */
  readonly stalls: Stalls;
  /** Whether a pod's container is able to start. */
  canStart: (pod: KubernetesObject) => boolean = () => true;
  readonly #objects: ObjectsByHand;
  readonly #clock: Clock;
  /** Ended containers by the uid of their pod, with the time of their restart. */
  readonly #down = new Map<string, number>();
  readonly #stopListening: () => void;
  #cancel: () => void = () => undefined;
  #isDue = false;
  #isEnded = false;

  constructor(objects: ObjectsByHand, clock: Clock, state?: PatroniState) {
    this.#objects = objects;
    this.#clock = clock;
    this.patroni = new Patroni(objects, clock, state);
    this.backups = new BackupJobs(objects, clock);
    this.stalls = new Stalls(clock);
    objects.storage.admit = admitResize(objects);
    this.#stopListening = objects.storage.listen(({ kind }) => {
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

  /** Ends the server of a pod, which the kubelet reports; the container restarts after a while. */
  kill(key: string, downMs = DOWN_MS): void {
    const pod = this.#objects.get('Pod', key);
    if (!pod) throw new Error(`there is no pod ${key}`);
    this.#down.set(pod.metadata.uid ?? '', this.#clock.now() + downMs);
    // Kubelets write whole seconds.
    const finishedAt = this.#clock
      .date()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    this.#report(pod, false, { terminated: { exitCode: 137, reason: 'Error', finishedAt } });
  }

  /** Whether the container of a pod runs. */
  isUp(key: string): boolean {
    const pod = this.#objects.get('Pod', key);
    return pod !== undefined && 'running' in part(containerOf(pod), 'state');
  }

  /** Evicts a pod, which stops in order. */
  evict(key: string): void {
    this.#objects.storage.delete(kindOf(RESOURCES.Pod), key, {});
  }

  /** Makes a member the leader, as after a switchover. */
  lead(namespace: string, name: string, member: string): void {
    const group = this.groupOf(namespace, name);
    const pod = group.running.find(({ metadata }) => metadata.name === member);
    if (!pod) throw new Error(`there is no member ${member} that runs`);
    this.patroni.take(group, pod);
    this.patroni.round(group);
  }

  /** The running members of a Database. */
  groupOf(namespace: string, name: string): Group {
    const running = this.#objects.all('Pod').filter((pod) => {
      const { namespace: where, labels, deletionTimestamp } = pod.metadata;
      const isOurs = where === namespace && labels?.[DATABASE_LABEL] === name && deletionTimestamp === undefined;
      return isOurs && 'running' in part(containerOf(pod), 'state');
    });
    return { namespace, name, running: running.sort((a, b) => ordinalOf(a) - ordinalOf(b)) };
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
    const { stalls } = this;
    for (const claim of this.#objects.all('PersistentVolumeClaim')) {
      protectVolume(this.#objects, claim);
      if (!stalls.has('storage') && claim.metadata.deletionTimestamp === undefined) provideVolume(this.#objects, claim);
    }
    if (!stalls.has('stateful-sets')) for (const set of this.#objects.all('StatefulSet')) this.#run(set);
    for (const pod of this.#objects.all('Pod')) if (!stalls.has('kubelet', pod.metadata.name)) this.#care(pod);
    this.backups.round();
    const owners = new Set(this.#objects.all('Pod').map(ownerOf));
    for (const owner of owners) {
      const [namespace = '', name = ''] = owner.split('/');
      this.patroni.round(this.groupOf(namespace, name), (member) => stalls.has('patroni', member));
    }
  }

  #run(set: KubernetesObject): void {
    const { metadata } = set;
    const { replicas = 1, template } = part(set, 'spec') as { replicas?: number; template?: Plain };
    const updateRevision = revisionOf(template);
    const observed = { observedGeneration: metadata.generation, updateRevision };
    const { observedGeneration, updateRevision: was } = part(set, 'status');
    if (observedGeneration !== observed.observedGeneration || was !== updateRevision) {
      setStatus(this.#objects, 'StatefulSet', keyOf(metadata), observed);
    }
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) this.#make(set, ordinal, updateRevision);
    const extra = this.#objects.all('Pod').filter((pod) => isOwnedBy(pod, set) && ordinalOf(pod) >= replicas);
    for (const pod of extra) this.#end(pod);
  }

  #make(set: KubernetesObject, ordinal: number, revision: string): void {
    const { namespace = '', name, uid = '' } = set.metadata;
    const pod = `${name}-${ordinal}`;
    const template = part(set, 'spec', 'template');
    const claim = { name: `data-${pod}`, namespace };
    if (!this.#objects.get('PersistentVolumeClaim', keyOf(claim))) {
      const [{ spec = {} } = {}] = part(set, 'spec')['volumeClaimTemplates'] as Plain[];
      const labels = part(set, 'spec', 'selector', 'matchLabels') as Record<string, string>;
      this.#objects.put({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...claim, labels }, spec });
    }
    if (this.#objects.get('Pod', `${namespace}/${pod}`)) return;
    const labels = { ...(part(template, 'metadata', 'labels') as Record<string, string>) };
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true };
    const metadata = {
      name: pod,
      namespace,
      labels: { ...labels, 'controller-revision-hash': revision },
      ownerReferences: [owner],
    };
    this.#objects.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { ...part(template, 'spec'), nodeName: 'node' },
    });
  }

  /** The kubelet's part: starts pods that have their Secrets, reports readiness, ends deleted pods. */
  #care(pod: KubernetesObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#end(pod);
      return;
    }
    const state = part(containerOf(pod), 'state');
    if ('running' in state) {
      const serves = this.patroni.processes.isReady(pod);
      if (serves !== isReady(pod)) this.#report(pod, serves, state);
      return;
    }
    if (this.#clock.now() < (this.#down.get(pod.metadata.uid ?? '') ?? 0)) return;
    const owner = ownerOf(pod);
    const lacksSecrets = ['superuser', 'replication', 'tls'].some(
      (end) => !this.#objects.get('Secret', `${owner}-${end}`),
    );
    if (!lacksSecrets && this.canStart(pod)) {
      this.#report(pod, false, { running: { startedAt: this.#clock.date().toISOString() } });
    } else if (!('waiting' in state)) {
      this.#report(pod, false, { waiting: { reason: 'CreateContainerConfigError' } });
    }
  }

  #report(pod: KubernetesObject, isReady: boolean, state: Plain): void {
    const status = podStatus(pod, { isReady, state, now: this.#clock.date().toISOString() });
    setStatus(this.#objects, 'Pod', keyOf(pod.metadata), status);
  }

  #end(pod: KubernetesObject): void {
    const [namespace = '', name = ''] = ownerOf(pod).split('/');
    this.patroni.stop({ namespace, name }, pod);
    this.#objects.remove('Pod', keyOf(pod.metadata));
  }
}

const revisions = new WeakMap<object, string>();

/** The fingerprint of a template; stored ones never change. */
function revisionOf(template: Plain = {}): string {
  const known = revisions.get(template);
  if (known !== undefined) return known;
  const revision = createHash('sha1').update(sortedJson(template)).digest('hex').slice(0, 8);
  revisions.set(template, revision);
  return revision;
}

const ordinalOf = ({ metadata }: KubernetesObject): number => Number(/\d+$/.exec(metadata.name)?.[0]);

function ownerOf({ metadata }: KubernetesObject): string {
  return keyOf({ namespace: metadata.namespace, name: metadata.labels?.[DATABASE_LABEL] ?? '' });
}
