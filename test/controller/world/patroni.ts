import { load } from 'js-yaml';
import type { Clock } from '../../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { FakeApiServer } from '../fake-api-server.ts';
import type { Plain } from './objects.ts';
import { annotate, part } from './objects.ts';

/** What Patronis know beside what stands in the API server. */
export interface PatroniState {
  /** The cluster whose data are on a volume, by the uid of its claim. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Value of max_connections with which a member's server was started, by the uid of its pod. */
  readonly started: ReadonlyMap<string, string>;
  /** Clusters that were made. */
  readonly clusters: number;
}

/** The members of one Database whose server runs, and where they are. */
export interface Group {
  readonly name: string;
  readonly namespace: string;
  /** Pods of which the server runs and none is being deleted, lowest ordinal first. */
  readonly running: readonly KubernetesObject[];
  /** All names of members that ever ran. */
  readonly known: Set<string>;
}

const TTL_MS = 20_000;
const RENEW_MS = 5000;

/** Patroni as a controller of Databases sees it: its lock, its configuration, and what members say of themselves. */
export class Patroni {
  readonly #fake: FakeApiServer;
  readonly #clock: Clock;
  readonly #volumes: Map<string, string>;
  readonly #started: Map<string, string>;
  #clusters: number;

  constructor(fake: FakeApiServer, clock: Clock, state?: PatroniState) {
    this.#fake = fake;
    this.#clock = clock;
    this.#volumes = new Map(state?.volumes);
    this.#started = new Map(state?.started);
    this.#clusters = state?.clusters ?? 0;
  }

  state(): PatroniState {
    return { volumes: new Map(this.#volumes), started: new Map(this.#started), clusters: this.#clusters };
  }

  /** One round of all members of a Database. */
  round(group: Group): void {
    if (group.running.length === 0) return;
    this.#bootstrap(group);
    this.#switchOver(group);
    this.#lock(group);
    this.#tellSynchronous(group);
    for (const pod of group.running) this.#tell(group, pod);
  }

  /** A member stops in order: it gives the lock back. */
  stop({ namespace, name }: Group, pod: string): void {
    if (this.leader({ namespace, name }) === pod) this.#say({ namespace, name }, 'leader', { leader: null });
  }

  /** Restarts a member's server in its container. */
  restart(group: Group, pod: KubernetesObject): void {
    this.#started.set(pod.metadata.uid ?? '', this.#wanted(group));
    this.round(group);
  }

  /** Who holds the lock, living or dead. */
  leader(group: Pick<Group, 'name' | 'namespace'>): string | undefined {
    return this.#said(group, 'leader')['leader'];
  }

  #said({ namespace, name }: Pick<Group, 'name' | 'namespace'>, what: string): Readonly<Record<string, string>> {
    return this.#fake.get('ConfigMap', `${namespace}/${name}-${what}`)?.metadata.annotations ?? {};
  }

  #say({ namespace, name }: Pick<Group, 'name' | 'namespace'>, what: string, annotations: Plain): void {
    const key = `${namespace}/${name}-${what}`;
    if (!this.#fake.get('ConfigMap', key)) {
      const labels = {
        'app.kubernetes.io/component': 'database',
        'app.kubernetes.io/managed-by': 'ballast',
        'db.example.com/database': name,
      };
      this.#fake.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-${what}`, namespace, labels } });
    }
    annotate(this.#fake, 'ConfigMap', key, { annotations });
  }

  /** The first member makes the cluster, or takes up the one that is on its volume. */
  #bootstrap(group: Group): void {
    if (this.#said(group, 'config')['initialize'] !== undefined) return;
    const { namespace, name } = group;
    const settings = part(this.#fake.get('ConfigMap', `${namespace}/${name}-settings`), 'data');
    // A pod starts only when its volumes are there.
    const { 'patroni.yaml': text } = settings as { readonly 'patroni.yaml'?: string };
    if (text === undefined) return;
    const file = load(text) as { readonly bootstrap: { readonly dcs: object } };
    const [first] = group.running;
    this.#clusters += 1;
    const initialize = this.#volumes.get(claimOf(this.#fake, first)) ?? `73000000000000000${this.#clusters}`;
    this.#say(group, 'config', { initialize, config: JSON.stringify(file.bootstrap.dcs) });
  }

  #switchOver(group: Group): void {
    const { leader, member } = this.#said(group, 'failover');
    if (!leader && !member) return;
    const holder = this.leader(group);
    const heir = group.running.find(({ metadata }) => metadata.name === member);
    if (leader === holder && heir) this.take(group, heir.metadata.name);
    this.#say(group, 'failover', { leader: null, member: null });
  }

  #lock(group: Group): void {
    const { leader, renewTime = '' } = this.#said(group, 'leader');
    const age = this.#clock.date().getTime() - Date.parse(renewTime);
    const names = group.running.map(({ metadata }) => metadata.name);
    if (leader !== undefined && names.includes(leader)) {
      if (age >= RENEW_MS) this.#say(group, 'leader', { renewTime: this.#now(), retain_slots: this.#slots(group) });
    } else if (leader === undefined || age > TTL_MS) {
      this.take(group, names[0] ?? '');
    }
  }

  /** A member takes the lock. */
  take(group: Group, member: string): void {
    const { transitions = '-1' } = this.#said(group, 'leader');
    const now = this.#now();
    this.#say(group, 'leader', {
      ...{ leader: member, acquireTime: now, renewTime: now, ttl: '20' },
      transitions: String(Number(transitions) + 1),
      retain_slots: this.#slots(group),
    });
  }

  #slots(group: Group): string {
    const { member_slots_ttl: ttl = 1800 } = this.#config(group) as { member_slots_ttl?: number };
    const present = group.running.map(({ metadata }) => metadata.name);
    if (ttl === 0) group.known.clear();
    for (const name of present) group.known.add(name);
    return JSON.stringify([...group.known].map((name) => name.replaceAll('-', '_')));
  }

  #tellSynchronous(group: Group): void {
    const { synchronous_mode: mode, synchronous_node_count: count = 1 } = this.#config(group) as {
      synchronous_mode?: boolean | string;
      synchronous_node_count?: number;
    };
    const leader = this.leader(group);
    const standbys = group.running.map(({ metadata }) => metadata.name).filter((name) => name !== leader);
    // With a quorum any of them may confirm, so all are in the list.
    const synchronous = mode === 'quorum' ? standbys : mode ? standbys.slice(0, count) : [];
    this.#say(group, 'sync', { leader: mode ? leader : null, sync_standby: synchronous.join(',') || null });
  }

  #tell(group: Group, { metadata }: KubernetesObject): void {
    const { name, namespace, uid = '' } = metadata;
    const isLeader = this.leader(group) === name;
    const wanted = this.#wanted(group);
    const started = this.#started.get(uid) ?? wanted;
    this.#started.set(uid, started);
    const status = {
      state: 'running',
      role: isLeader ? 'primary' : 'replica',
      timeline: Number(this.#said(group, 'leader')['transitions'] ?? 0) + 1,
      xlog_location: 1000,
      ...(!isLeader && { replication_state: 'streaming' }),
      ...(started !== wanted && {
        pending_restart: true,
        pending_restart_reason: { max_connections: { old_value: started, new_value: wanted } },
      }),
    };
    annotate(this.#fake, 'Pod', `${namespace ?? ''}/${name}`, {
      labels: { 'db.example.com/role': isLeader ? 'primary' : 'replica' },
      annotations: { status: JSON.stringify(status) },
    });
    const system = this.#said(group, 'config')['initialize'];
    if (system !== undefined) this.#volumes.set(claimOf(this.#fake, { metadata }), system);
  }

  #config(group: Group): Plain {
    return JSON.parse(this.#said(group, 'config')['config'] ?? '{}') as Plain;
  }

  #wanted(group: Group): string {
    return String(part(this.#config(group), 'postgresql', 'parameters')['max_connections']);
  }

  #now(): string {
    return this.#clock.date().toISOString();
  }
}

/** Uid of the claim of a member. */
function claimOf(fake: FakeApiServer, pod: Pick<KubernetesObject, 'metadata'> | undefined): string {
  const { namespace = '', name = '' } = pod?.metadata ?? {};
  return fake.get('PersistentVolumeClaim', `${namespace}/data-${name}`)?.metadata.uid ?? '';
}
