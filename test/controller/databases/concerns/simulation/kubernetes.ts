import { quantityOf } from '../../../../../database/resolve.ts';
import type { SimObject, SimPod, World } from './world.ts';
import { bump, mayGo, newUid, processOf, wanted } from './world.ts';

const GIB = 2n ** 30n;

/** Bytes that the Database asks for. */
export function wantedBytes({ own }: World): bigint {
  return quantityOf(own.spec.storage.size)!.nano / 1_000_000_000n;
}

/** What render gives beside the StatefulSet and the claims: enough of it to see order, drift and removal. */
export function renderedObjects({ own }: World): Pick<SimObject, 'apiVersion' | 'kind' | 'name' | 'content'>[] {
  const rbac = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion: rbac, kind: 'Role', name: 'orders-controller', content: 'secrets' },
    { apiVersion: rbac, kind: 'RoleBinding', name: 'orders-controller', content: 'controller' },
    { apiVersion: 'v1', kind: 'ConfigMap', name: 'orders-settings', content: 'settings' },
    { apiVersion: 'v1', kind: 'Service', name: 'orders-primary', content: '5432' },
    ...(own.spec.backup ? [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'orders-backup', content: 'cron' }] : []),
  ];
}

/** Makes a claim, or grows it. */
export function applyClaim(world: World, ordinal: number, requested = wantedBytes(world)): void {
  const claim = world.claims.find((one) => one.ordinal === ordinal);
  if (!claim) {
    const uid = newUid(world);
    const name = `data-orders-${ordinal}`;
    world.claims.push({ name, ordinal, uid, version: bump(world), requested, capacity: requested });
  } else if (claim.requested !== requested) {
    if (requested < claim.requested || !world.expandable)
      throw new Error(`refused: ${claim.name} cannot be changed so`);
    claim.requested = requested;
    claim.version = bump(world);
  }
}

/** Makes the StatefulSet, or changes it. */
export function applyWorkload(world: World, replicas: number): void {
  const { workload, template } = world;
  if (!workload) {
    const uid = newUid(world);
    world.workload = { uid, version: bump(world), generation: 1, observed: 0, replicas, template };
  } else if (workload.replicas !== replicas || workload.template !== template) {
    Object.assign(workload, { replicas, template, generation: workload.generation + 1, version: bump(world) });
  }
}

/** Makes an object as it is rendered, or puts it right. */
export function applyObject(
  world: World,
  { apiVersion, kind, name, content }: Omit<SimObject, 'uid' | 'version'>,
): void {
  const object = world.objects.find((one) => one.kind === kind && one.name === name);
  if (!object) world.objects.push({ apiVersion, kind, name, content, uid: newUid(world), version: bump(world) });
  else if (object.content !== content) Object.assign(object, { content, version: bump(world) });
}

/** Whether the health of the Database lets a sync go on to the workload. */
function maySync({ own }: World): boolean {
  const may = own.status?.conditions?.find(({ type }) => type === 'WorkloadMayChange');
  return own.status?.observedGeneration === own.generation && may?.status === 'True';
}

/** Argo CD: applies what is in Git, and takes away what is not; not from a Database that is deleted there too. */
export function argo(world: World): void {
  if (world.direct) return;
  if (world.own.deletedAt !== undefined) {
    world.objects = world.objects.filter(({ kind }) => kind === 'Role');
    return;
  }
  const rendered = renderedObjects(world);
  for (const object of rendered) applyObject(world, object);
  world.objects = world.objects.filter(({ kind, name }) =>
    rendered.some((one) => one.kind === kind && one.name === name),
  );
  if (!maySync(world)) return;
  for (let ordinal = 0; ordinal < (world.own.spec.replicas ?? 1); ordinal += 1) {
    const claim = world.claims.find((one) => one.ordinal === ordinal);
    if (!claim || (claim.requested < wantedBytes(world) && world.expandable)) applyClaim(world, ordinal);
  }
  applyWorkload(world, wanted(world));
}

/** The StatefulSet's controller: makes and deletes pods, all at once; it never replaces one (OnDelete). */
export function setController(world: World): void {
  const { workload } = world;
  if (!workload) return;
  if (workload.observed !== workload.generation) {
    workload.observed = workload.generation;
    workload.version = bump(world);
  }
  for (const pod of world.pods) {
    if (pod.ordinal >= workload.replicas && !pod.deleting) Object.assign(pod, { deleting: true, version: bump(world) });
  }
  for (let ordinal = 0; ordinal < workload.replicas; ordinal += 1) {
    if (world.pods.some((pod) => pod.ordinal === ordinal)) continue;
    if (!world.claims.some((claim) => claim.ordinal === ordinal)) applyClaim(world, ordinal, GIB);
    world.pods.push(newPod(world, ordinal, workload.template));
    world.pods.sort((a, b) => a.ordinal - b.ordinal);
  }
}

function newPod(world: World, ordinal: number, template: string): SimPod {
  const fresh = {
    deleting: false,
    server: 'waiting',
    restarts: 0,
    ready: false,
    streaming: false,
    timeline: 0,
  } as const;
  const times = { createdAt: world.now, readyChangedAt: world.now };
  return {
    name: `orders-${ordinal}`,
    ordinal,
    uid: newUid(world),
    version: bump(world),
    template,
    ...fresh,
    ...times,
    runs: {},
    taken: {},
  };
}

/** The server of a pod ends, whoever ended it; Patroni frees its lock when it is asked to end, not when it is killed. */
export function endServer(world: World, pod: SimPod, how: 'asked' | 'killed'): void {
  const { leader } = world;
  if (how === 'asked' && leader?.member === pod.name && leader.process === processOf(pod)) {
    Object.assign(leader, { member: undefined, version: bump(world) });
  }
  Object.assign(pod, { server: 'terminated', finishedAt: world.now, streaming: false, version: bump(world) });
  if (pod.ready) Object.assign(pod, { ready: false, readyChangedAt: world.now });
}

const RESTART_MS = 2000;

/** The kubelet of a pod's node: starts it when it has what it needs, and ends it when it is deleted. */
export function kubelet(world: World, pod: SimPod): void {
  if (pod.deleting) {
    if (pod.server === 'running') endServer(world, pod, 'asked');
    world.pods = world.pods.filter((one) => one !== pod);
    return;
  }
  if (pod.server === 'running' || world.broken.includes(pod.template)) return;
  const secrets = ['superuser', 'replication', 'app', 'tls'].every((end) => world.secrets[`orders-${end}`]);
  const rested = pod.finishedAt === undefined || world.now - pod.finishedAt >= RESTART_MS;
  if (!secrets || !rested) return;
  const again = pod.server === 'terminated';
  Object.assign(pod, { server: 'running', startedAt: world.now, restarts: pod.restarts + (again ? 1 : 0) });
  Object.assign(pod, { state: 'starting', version: bump(world) });
}

/** The storage's controller: volumes become as large as their claims ask for. */
export function storage(world: World): void {
  const claim = world.claims.find(({ requested, capacity }) => capacity < requested);
  if (claim) Object.assign(claim, { capacity: claim.requested, version: bump(world) });
}

/** The API server: a Database without finalizers that is deleted is gone. */
export function collect(world: World): void {
  if (mayGo(world)) world.gone = true;
}
