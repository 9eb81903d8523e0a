import { NO_SETTINGS } from '../../../../../database/settings.ts';
import { dynamicConfiguration } from '../../../../../generator/postgresql/settings.ts';
import { modelOf } from '../../../../../generator/model.ts';
import type { Configuration } from '../../../../../controller/databases/state/configuration.ts';
import { SYSTEM, database } from '../../../observations.ts';
import type { SimPod, Values, World } from './world.ts';
import { SETTINGS, bump, processOf } from './world.ts';

const TTL_MS = 20_000;
const DEFAULTS: Values = { max_connections: 100, max_files_per_process: 1000 };
const [FOLLOWED] = SETTINGS;

function wantedValues(config: Configuration): Values {
  const { parameters = {} } = (config['postgresql'] ?? {}) as { parameters?: Record<string, string> };
  return Object.fromEntries(SETTINGS.map((name) => [name, Number(parameters[name] ?? DEFAULTS[name])]));
}

function leaderPod(world: World): SimPod | undefined {
  const pod = world.pods.find(({ name }) => name === world.leader?.member);
  return pod && processOf(pod) === world.leader?.process ? pod : undefined;
}

/** A leader that lives renews its lock in time, whatever else it does not get round to. */
export function renew(world: World): void {
  const { leader } = world;
  const pod = leaderPod(world);
  if (leader && pod && !pod.deleting && world.now - leader.renewedAt > 7000) {
    Object.assign(leader, { renewedAt: world.now, version: bump(world) });
  }
}

/** Starts the server in its role: a standby with no less than its primary runs with, in what it follows. */
function startServer(world: World, pod: SimPod, role: 'primary' | 'replica'): void {
  const values = { ...pod.taken };
  const primary = leaderPod(world);
  if (role === 'replica' && primary) values[FOLLOWED] = Math.max(values[FOLLOWED]!, primary.runs[FOLLOWED] ?? 0);
  Object.assign(pod, { runs: values, state: 'running', role, version: bump(world) });
}

function write(world: World, pod: SimPod, changes: Partial<SimPod>): void {
  const differs = Object.entries(changes).some(([name, value]) => pod[name as keyof SimPod] !== value);
  if (!differs) return;
  if (changes.ready !== undefined && changes.ready !== pod.ready) pod.readyChangedAt = world.now;
  Object.assign(pod, changes, { version: bump(world) });
}

function takeLock(world: World, pod: SimPod): void {
  const { now, leader } = world;
  const timeline = Math.max(0, ...world.pods.map((one) => one.timeline)) + 1;
  world.leader = {
    version: bump(world),
    member: pod.name,
    process: processOf(pod)!,
    acquiredAt: leader?.member === pod.name ? leader.acquiredAt : now,
    renewedAt: now,
    transitions: (leader?.transitions ?? -1) + 1,
    slots: leader?.slots ?? [],
  };
  world.lastLeader = pod.name;
  // A standby is promoted as it runs; what was stopped starts.
  if (pod.state !== 'running') startServer(world, pod, 'primary');
  write(world, pod, { role: 'primary', label: 'primary', timeline, streaming: false, ready: true });
  if (world.failover?.from ?? world.failover?.to) world.failover = { version: bump(world) };
}

function bootstrap(world: World, pod: SimPod): void {
  const claim = world.claims.find(({ ordinal }) => ordinal === pod.ordinal)!;
  const old = claim.data !== undefined;
  // On a volume with data Patroni notes whose they are, and no configuration (patroni/ha.py).
  const config = old ? {} : (dynamicConfiguration(modelOf(database(world.own.spec), NO_SETTINGS)) as Configuration);
  claim.data ??= SYSTEM;
  world.config = { version: bump(world), config, systemIdentifier: claim.data };
  pod.taken = wantedValues(config);
  takeLock(world, pod);
}

function mayLead(world: World, pod: SimPod): boolean {
  const { failover, sync, lastLeader, pods } = world;
  const wished = pods.find(
    ({ name, state, server }) => name === failover?.to && state === 'running' && server === 'running',
  );
  if (wished) return wished === pod;
  if (sync.length === 0 || lastLeader === pod.name) return true;
  if (!sync.includes(pod.name)) return false;
  // With a quorum of one any other voter may have what this one lacks: all have to be asked.
  const runs = (name: string): boolean =>
    pods.some((one) => one.name === name && one.state === 'running' && !one.deleting);
  return world.config?.config['synchronous_mode'] !== 'quorum' || sync.every(runs);
}

function slotOf({ name }: SimPod): string {
  return name.replaceAll('-', '_');
}

/** What the leader does in each of its rounds. */
function lead(world: World, pod: SimPod): void {
  const leader = world.leader!;
  const config = world.config!.config;
  if (pod.state !== 'running') startServer(world, pod, 'primary');
  write(world, pod, { role: 'primary', label: 'primary', streaming: false, ready: true });
  const standbys = world.pods.filter(
    (one) => one !== pod && one.server === 'running' && one.streaming && !one.deleting,
  );
  const count = Number(config['synchronous_node_count'] ?? 1);
  const kept = world.sync.filter((name) => standbys.some((one) => one.name === name));
  const others = standbys.map(({ name }) => name).filter((name) => !kept.includes(name));
  const quorum = config['synchronous_mode'] === 'quorum';
  const named = [...kept, ...others].slice(0, quorum ? 9 : count);
  world.sync = quorum || config['synchronous_mode'] === true ? named : [];
  const retained = config['member_slots_ttl'] === 0 ? [] : leader.slots;
  const members = world.pods.filter((one) => one !== pod).map(slotOf);
  const slots = [...new Set([...retained, ...members])].filter((slot) => slot !== slotOf(pod)).sort();
  Object.assign(leader, { renewedAt: world.now, version: bump(world), slots });
  handOver(world, pod);
}

/** Steps down for a member that may take over, or forgets that it was asked to. */
function handOver(world: World, pod: SimPod): void {
  const { failover, sync, leader } = world;
  const { from, to } = failover ?? {};
  if (!failover || (from ?? to) === undefined || world.config?.config['pause'] === true) return;
  const heir = world.pods.find(
    (one) =>
      one !== pod &&
      one.streaming &&
      (to === undefined || one.name === to) &&
      (sync.length === 0 || sync.includes(one.name)),
  );
  if ((from !== undefined && from !== pod.name) || !heir) {
    world.failover = { version: bump(world) };
    return;
  }
  Object.assign(leader!, { member: undefined, version: bump(world) });
  write(world, pod, { state: 'starting', role: 'replica', label: undefined, ready: false });
}

function follow(world: World, pod: SimPod): void {
  const primary = leaderPod(world);
  if (pod.state !== 'running') startServer(world, pod, 'replica');
  const claim = world.claims.find(({ ordinal }) => ordinal === pod.ordinal)!;
  if (primary) claim.data = world.config!.systemIdentifier;
  const streaming = primary?.role === 'primary';
  const timeline = streaming ? primary.timeline : pod.timeline;
  write(world, pod, { role: 'replica', label: 'replica', streaming, timeline, ready: streaming });
}

/** One round of a member's Patroni. */
export function patroni(world: World, pod: SimPod): void {
  if (pod.server !== 'running' || pod.deleting) return;
  const { config, leader } = world;
  if (config?.systemIdentifier === undefined) {
    bootstrap(world, pod);
    return;
  }
  const taken = wantedValues(config.config);
  if (SETTINGS.some((name) => taken[name] !== pod.taken[name])) Object.assign(pod, { taken, version: bump(world) });
  const isOurs = leader?.member === pod.name;
  if (isOurs && (leader.process === processOf(pod) || pod.state !== 'running')) {
    leader.process = processOf(pod)!;
    lead(world, pod);
  } else if (!leader?.member || world.now - leader.renewedAt > TTL_MS) {
    if (mayLead(world, pod)) takeLock(world, pod);
  } else {
    follow(world, pod);
  }
}

/** Restarts the server in its container: only while a restart is pending and the role is this one. */
export function restartServer(world: World, pod: SimPod, role: 'primary' | 'replica'): void {
  const pending = SETTINGS.some((name) => pod.runs[name] !== pod.taken[name]);
  if (!pending || pod.role !== role || pod.server !== 'running') return;
  write(world, pod, { state: 'starting', ready: false, streaming: false });
}
