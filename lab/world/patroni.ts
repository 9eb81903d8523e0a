import { load } from 'js-yaml';
import type { Clock } from '../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { mayTakeLock, synchronousStandbys } from './election.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { slotOf, takenLock } from './member.ts';
import type { MemberProcess, MemberProcessesState } from './member-processes.ts';
import { MemberProcesses } from './member-processes.ts';
import { valuesAtStart, valuesIn, waitingSettings } from './member-settings.ts';
import type { Owner } from './patroni-notes.ts';
import { PatroniNotes } from './patroni-notes.ts';
import type { RestoredState } from './restores.ts';
import { Restores } from './restores.ts';

/** The state of the Patroni processes besides the API server. */
export interface PatroniState {
  /** The cluster of the data on a volume, by the uid of its claim. */
  readonly volumes: ReadonlyMap<string, string>;
  readonly processes: MemberProcessesState;
  readonly restored: RestoredState;
  /** The process that holds the leader lock of each Database, by `namespace/name`. */
  readonly holders: ReadonlyMap<string, string>;
  /** Number of initialised clusters. */
  readonly clusters: number;
}

/** The members of one Database with a running container. */
export interface Group extends Owner {
  /** Their pods without deleted ones, lowest ordinal first. */
  readonly running: readonly KubernetesObject[];
}

const TTL_MS = 20_000;
const RENEW_MS = 5000;

const nameOf = ({ metadata }: KubernetesObject): string => metadata.name;
const idOf = ({ namespace, name }: Owner): string => `${namespace}/${name}`;

/** Patroni as the controller sees it: its leader lock, its configuration, and the members' reports. */
export class Patroni {
  readonly processes: MemberProcesses;
  readonly restores: Restores;
  readonly #objects: ObjectsByHand;
  readonly #notes: PatroniNotes;
  readonly #clock: Clock;
  readonly #volumes: Map<string, string>;
  readonly #holders: Map<string, string>;
  #clusters: number;

  constructor(objects: ObjectsByHand, clock: Clock, state?: PatroniState) {
    this.processes = new MemberProcesses(objects, state?.processes);
    this.restores = new Restores(objects, clock, state?.restored);
    this.#objects = objects;
    this.#notes = new PatroniNotes(objects);
    this.#clock = clock;
    this.#volumes = new Map(state?.volumes);
    this.#holders = new Map(state?.holders);
    this.#clusters = state?.clusters ?? 0;
  }

  state(): PatroniState {
    const [volumes, holders] = [new Map(this.#volumes), new Map(this.#holders)];
    const [processes, restored] = [this.processes.state(), this.restores.state()];
    return { volumes, holders, processes, restored, clusters: this.#clusters };
  }

  /** One round of all members of a Database. A suspended member only renews its lock. */
  round(group: Group, stalls: (member: string) => boolean = () => false): void {
    for (const pod of group.running) {
      if (!stalls(nameOf(pod))) this.#act(group, pod);
      if (this.#isHolder(group, pod)) this.#renew(group);
    }
  }

  /** Stops a member in order: it releases the leader lock. */
  stop(group: Owner, pod: KubernetesObject): void {
    if (this.#isHolder(group, pod)) this.#notes.write(group, 'leader', { leader: null });
    this.processes.end(pod);
  }

  /** Restarts a member's server in its container; only while a setting waits for it, and the member has this role. */
  restart(pod: KubernetesObject, role: string): boolean {
    const process = this.processes.of(pod);
    if (process?.role !== role || Object.keys(waitingSettings(process.runs, process.taken)).length === 0) return false;
    this.processes.change(pod, { ...process, state: 'starting', isStreaming: false });
    return true;
  }

  /** The member that holds the leader lock, alive or dead. */
  leader(owner: Owner): string | undefined {
    return this.#notes.read(owner, 'leader')['leader'];
  }

  /** The pod with the live process that holds the leader lock. */
  holder(group: Group): KubernetesObject | undefined {
    return group.running.find((pod) => this.#isHolder(group, pod));
  }

  /** Whether the process that took the leader lock last still runs in this member. */
  lives(group: Group, member: string): boolean {
    const pod = group.running.find((one) => nameOf(one) === member);
    return pod !== undefined && this.processes.of(pod)?.id === this.#holders.get(idOf(group));
  }

  /** Puts the data of a cluster on the volume of a claim, as an earlier Database leaves them. */
  leaveData(claimUid: string, systemIdentifier: string): void {
    this.#volumes.set(claimUid, systemIdentifier);
  }

  /** Makes a member take the leader lock from any holder, and become primary. */
  take(group: Group, pod: KubernetesObject): void {
    const process = this.processes.of(pod);
    if (!process) throw new Error(`no Patroni runs in ${nameOf(pod)}`);
    const now = this.#clock.date().toISOString();
    this.#notes.write(group, 'leader', takenLock(nameOf(pod), now, this.#notes.read(group, 'leader')));
    this.#forgetSwitchover(group);
    this.#holders.set(idOf(group), process.id);
    const timelines = group.running.map((one) => this.processes.of(one)?.timeline ?? 0);
    this.#lead(group, pod, { ...process, timeline: Math.max(0, ...timelines) + 1 });
  }

  #act(group: Group, pod: KubernetesObject): void {
    const process = this.processes.of(pod);
    if (!process) {
      if (!this.restores.holds(group, pod, this.#volumeOf(pod))) this.processes.begin(pod);
      return;
    }
    if (!this.#hasCluster(group, pod)) return;
    const current = { ...process, taken: valuesIn(this.#notes.configuration(group)) };
    const { leader, renewTime = '' } = this.#notes.read(group, 'leader');
    const isExpired = this.#clock.date().getTime() - Date.parse(renewTime) > TTL_MS;
    if (leader === nameOf(pod) && (this.#isHolder(group, pod) || process.state === 'starting')) {
      // A process that finds itself named as leader renews the lock at once.
      if (!this.#isHolder(group, pod)) this.#renew(group, 0);
      this.#holders.set(idOf(group), process.id);
      this.#lead(group, pod, current);
    } else if (leader !== undefined && !isExpired) {
      this.#follow(group, pod, current);
    } else if (this.#mayTakeLock(group, pod)) {
      this.processes.change(pod, current);
      this.take(group, pod);
    }
  }

  /** Whether there is a cluster; the first member initialises it, or takes over the one on its volume. */
  #hasCluster(group: Group, pod: KubernetesObject): boolean {
    if (this.#notes.read(group, 'config')['initialize'] !== undefined) return true;
    const beginning = this.#notes.beginning(group, load);
    if (!beginning) return false;
    const found = this.#volumes.get(this.#volumeOf(pod));
    this.#clusters += 1;
    // On a volume with data Patroni writes the system identifier, and no configuration (patroni/ha.py).
    const config = JSON.stringify(found === undefined ? beginning : {});
    this.#notes.write(group, 'config', { initialize: found ?? `73000000000000000${this.#clusters}`, config });
    return true;
  }

  #mayTakeLock(group: Group, pod: KubernetesObject): boolean {
    const running = group.running.filter((one) => this.processes.of(one)?.state === 'running').map(nameOf);
    return mayTakeLock({
      ...{ member: nameOf(pod), running, heir: this.#notes.read(group, 'failover')['member'] },
      sync: { leader: this.#notes.read(group, 'sync')['leader'], standbys: this.#notes.synchronous(group) },
      isQuorum: this.#notes.configuration(group)['synchronous_mode'] === 'quorum',
    });
  }

  #lead(group: Group, pod: KubernetesObject, process: MemberProcess): void {
    const runs = process.state === 'running' ? process.runs : valuesAtStart(process.taken);
    this.processes.change(pod, { ...process, runs, state: 'running', role: 'primary', isStreaming: false });
    this.#keepData(group, pod);
    const following = this.#following(group, pod);
    const { synchronous_mode: mode, synchronous_node_count: count = 1 } = this.#notes.configuration(group);
    const former = this.#notes.synchronous(group);
    const standbys = synchronousStandbys({ mode, count: Number(count), former, following });
    const sync = { leader: mode ? nameOf(pod) : null, sync_standby: standbys.join(',') || null };
    this.#notes.write(group, 'sync', sync);
    const present = group.running.filter((one) => one !== pod).map((one) => slotOf(nameOf(one)));
    this.#notes.keepSlots(group, slotOf(nameOf(pod)), present);
    this.#switchOver(group, pod);
  }

  /** Steps down in favour of an eligible member, or drops the request. */
  #switchOver(group: Group, pod: KubernetesObject): void {
    const { leader: from, member: to } = this.#notes.read(group, 'failover');
    if ((from ?? to) === undefined || this.#notes.configuration(group)['pause'] === true) return;
    const synchronous = this.#notes.synchronous(group);
    const heirs = this.#following(group, pod).filter((member) => to === undefined || member === to);
    const isPossible = heirs.some((member) => synchronous.length === 0 || synchronous.includes(member));
    if ((from !== undefined && from !== nameOf(pod)) || !isPossible) {
      this.#forgetSwitchover(group);
      return;
    }
    this.#notes.write(group, 'leader', { leader: null });
    this.#stepDown(pod);
  }

  #forgetSwitchover(owner: Owner): void {
    const { leader, member } = this.#notes.read(owner, 'failover');
    if ((leader ?? member) !== undefined) this.#notes.write(owner, 'failover', { leader: null, member: null });
  }

  #stepDown(pod: KubernetesObject): void {
    const process = this.processes.of(pod);
    if (process) this.processes.change(pod, { ...process, state: 'starting', role: 'replica', isStreaming: false });
  }

  #follow(group: Group, pod: KubernetesObject, process: MemberProcess): void {
    if (process.role === 'primary') {
      this.#stepDown(pod);
      return;
    }
    const holder = this.holder(group);
    const primary = holder && this.processes.of(holder);
    const isStreaming = primary?.role === 'primary' && primary.state === 'running';
    const runs = process.state === 'running' ? process.runs : valuesAtStart(process.taken, primary?.runs);
    const timeline = isStreaming ? primary.timeline : process.timeline;
    this.processes.change(pod, { ...process, runs, timeline, isStreaming, state: 'running' });
    if (primary) this.#keepData(group, pod);
  }

  /** Names of the standbys that stream from the primary. */
  #following(group: Group, primary: KubernetesObject): string[] {
    return group.running.filter((one) => one !== primary && this.processes.of(one)?.isStreaming).map(nameOf);
  }

  #keepData(group: Group, pod: KubernetesObject): void {
    const { initialize } = this.#notes.read(group, 'config');
    if (initialize === undefined) return;
    const [volume, leader] = [this.#volumeOf(pod), this.holder(group) ?? pod];
    this.#volumes.set(volume, initialize);
    this.restores.keep(pod, volume, this.#volumeOf(leader));
  }

  #isHolder(group: Owner, pod: KubernetesObject): boolean {
    const id = this.processes.of(pod)?.id;
    return id !== undefined && this.leader(group) === nameOf(pod) && this.#holders.get(idOf(group)) === id;
  }

  #renew(owner: Owner, everyMs = RENEW_MS): void {
    const date = this.#clock.date();
    const age = date.getTime() - Date.parse(this.#notes.read(owner, 'leader')['renewTime'] ?? '');
    if (age >= everyMs) this.#notes.write(owner, 'leader', { renewTime: date.toISOString() });
  }

  /** Uid of the claim of a member. */
  #volumeOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
    return this.#objects.get('PersistentVolumeClaim', `${namespace}/data-${name}`)?.metadata.uid ?? '';
  }
}
