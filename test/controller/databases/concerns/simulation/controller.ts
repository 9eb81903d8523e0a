import { FINALIZER } from '../../../../../database/vocabulary.ts';
import { decide } from '../../../../../controller/databases/concerns/decide.ts';
import type { Decision, Step } from '../../../../../controller/databases/decision.ts';
import { isDeepStrictEqual } from 'node:util';
import { applyClaim, applyObject, applyWorkload, renderedObjects } from './kubernetes.ts';
import type { Memory, Views } from './observe.ts';
import { SECRET_NAMES, asked, contentOf, observe } from './observe.ts';
import { inspect } from './inspect.ts';
import { restartServer } from './patroni.ts';
import type { World } from './world.ts';
import { OWN_UID, bump, newUid, processOf } from './world.ts';

/** Somebody else was faster, or what was seen is not so any more: nothing happens. */
class Conflict extends Error {}

function mustBe(holds: boolean): asserts holds {
  if (!holds) throw new Conflict();
}

/** What the controller is allowed to see and do; a process that may die. */
export interface Controller {
  memory: Memory;
}

/** A controller that has just started. */
export function freshController(): Controller {
  return { memory: { applied: new Map() } };
}

function readSecrets({ secrets }: World, memory: Memory): void {
  const inForce = memory.credentials?.inForce ?? false;
  memory.credentials = { present: new Map(Object.entries(secrets)), inForce };
}

type Perform<Do extends Step['do']> = (
  step: Extract<Step, { do: Do }>,
  world: World,
  memory: Memory,
  seen: Views,
) => void;

function deleteSecret(world: World, name: string, uid: string): void {
  mustBe(world.secrets[name]?.uid === uid);
  world.secrets = Object.fromEntries(Object.entries(world.secrets).filter(([one]) => one !== name));
}

function deleteObject(
  world: World,
  { kind, name, uid, resourceVersion }: Extract<Step, { do: 'delete' }>['object'],
): void {
  if (kind === 'Secret') {
    deleteSecret(world, name, uid);
    return;
  }
  const patroni = { 'orders-leader': 'leader', 'orders-config': 'config', 'orders-failover': 'failover' } as const;
  const part = kind === 'ConfigMap' ? patroni[name as keyof typeof patroni] : undefined;
  if (part) {
    mustBe(String(world[part]?.version) === resourceVersion);
    world[part] = undefined;
    return;
  }
  const all: { name: string; uid: string; version: number; kind?: string }[] =
    kind === 'PersistentVolumeClaim' ? world.claims : world.objects;
  const object = all.find((one) => one.name === name && (one.kind ?? kind) === kind);
  mustBe(object?.uid === uid && String(object.version) === resourceVersion);
  all.splice(all.indexOf(object), 1);
}

const PERFORM: { readonly [Do in Step['do']]: Perform<Do> } = {
  'add-finalizer': (_, world, _memory, { own }) => {
    mustBe(own.own.version === world.own.version);
    Object.assign(world.own, { finalizers: [...world.own.finalizers, FINALIZER], version: bump(world) });
  },
  'remove-finalizer': (_, world, _memory, { own }) => {
    // A look past all caches.
    mustBe(own.own.version === world.own.version && !world.workload && world.pods.length === 0);
    Object.assign(world.own, {
      finalizers: world.own.finalizers.filter((one) => one !== FINALIZER),
      version: bump(world),
    });
  },
  'protect-namespace': () => undefined,
  'read-credentials': (_, world, memory) => {
    // Without the Role they cannot be read.
    mustBe(world.objects.some(({ kind }) => kind === 'Role'));
    readSecrets(world, memory);
  },
  'create-secret': ({ secret }, world, memory) => {
    world.secrets[SECRET_NAMES[secret]] ??= { uid: newUid(world), resourceVersion: String(bump(world)), mark: '' };
    readSecrets(world, memory);
  },
  'renew-certificate': () => undefined,
  'rotate-credentials': ({ request }, _world, memory) => {
    memory.credentials = { ...memory.credentials!, rotation: request };
  },
  'ensure-application-role': (_, world, memory) => {
    mustBe(processOf(world.pods.find(({ name }) => name === world.leader?.member)) !== undefined);
    memory.credentials = { ...memory.credentials!, inForce: true };
  },
  'mark-claim': ({ claim: name, systemIdentifier }, world, _memory, { claims }) => {
    const claim = world.claims.find((one) => one.name === name);
    mustBe(claim?.version === claims.claims.find((one) => one.name === name)?.version);
    Object.assign(claim!, {
      owner: OWN_UID,
      ...(systemIdentifier !== undefined && { systemIdentifier }),
      version: bump(world),
    });
  },
  apply: ({ kind, name, replicas }, world, { applied }, { own }) => {
    // What is applied is what render gives for the Database that was seen.
    const of = { ...world, own: own.own, template: own.template };
    if (kind === 'StatefulSet') applyWorkload(world, replicas!);
    else if (kind === 'PersistentVolumeClaim') applyClaim(world, Number(name.split('-').at(-1)));
    else
      applyObject(
        world,
        renderedObjects(of).find((one) => one.kind === kind && one.name === name)!,
      );
    const ask = asked(of).find(([object]) => object.kind === kind && object.name === name)![1];
    applied.set(`${kind}/${name}`, { asked: ask, content: contentOf(world, kind, name)! });
  },
  delete: ({ object }, world, memory) => {
    deleteObject(world, object);
    memory.applied.delete(`${object.kind}/${object.name}`);
    if (object.kind === 'Secret') memory.credentials = undefined;
  },
  orphan: ({ object }, world) => {
    mustBe(world.workload?.uid === object.uid && String(world.workload.version) === object.resourceVersion);
    world.workload = undefined;
  },
  scale: ({ replicas, resourceVersion }, world) => {
    const { workload } = world;
    mustBe(workload !== undefined && String(workload.version) === resourceVersion);
    Object.assign(workload, { replicas, generation: workload.generation + 1, version: bump(world) });
  },
  'delete-pod': ({ uid, resourceVersion }, world) => {
    const pod = world.pods.find((one) => one.uid === uid);
    mustBe(pod !== undefined && String(pod.version) === resourceVersion);
    Object.assign(pod, { deleting: true, version: bump(world) });
  },
  'restart-server': ({ uid, role }, world) => {
    const pod = world.pods.find((one) => one.uid === uid);
    mustBe(pod !== undefined);
    restartServer(world, pod, role);
  },
  switchover: ({ from, to, resourceVersion }, world) => {
    mustBe((world.failover && String(world.failover.version)) === resourceVersion);
    world.failover = { version: bump(world), from, to };
  },
  'release-leader-lock': ({ resourceVersion }, world) => {
    mustBe(world.leader !== undefined && String(world.leader.version) === resourceVersion);
    Object.assign(world.leader, { member: undefined, version: bump(world) });
  },
  relabel: ({ uid, resourceVersion }, world) => {
    const pod = world.pods.find((one) => one.uid === uid);
    mustBe(pod !== undefined && String(pod.version) === resourceVersion);
    Object.assign(pod, { label: 'replica', version: bump(world) });
  },
  configure: ({ config, resourceVersion }, world) => {
    mustBe(world.config !== undefined && String(world.config.version) === resourceVersion);
    Object.assign(world.config, { config, configuredAt: world.now, version: bump(world) });
  },
};

/** One pass: sees, decides, writes the status when it differs, does the step. Dies where it is told to. */
export function pass(world: World, views: Views, controller: Controller, dies?: 'before the step'): Decision {
  const seen = observe(views, controller.memory);
  const decision = decide(seen, new Date(world.now));
  if (views.own.gone || world.gone) return decision;
  if (!isDeepStrictEqual(decision.status, seen.own.status)) {
    if (views.own.own.version !== world.own.version) return decision;
    Object.assign(world.own, { status: decision.status, version: bump(world) });
  }
  if (!decision.step || dies) return decision;
  // After the status was written, the Database has the version that the write gave it.
  const current = views.own.own.version === world.own.version ? views : { ...views, own: afterStatus(world, views) };
  inspect(decision.step, world);
  try {
    (PERFORM[decision.step.do] as Perform<Step['do']>)(decision.step, world, controller.memory, current);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
  return decision;
}

function afterStatus(world: World, { own }: Views): World {
  const wasCurrent =
    isDeepStrictEqual(own.own.spec, world.own.spec) && own.own.finalizers.length === world.own.finalizers.length;
  return wasCurrent ? { ...own, own: { ...own.own, version: world.own.version } } : own;
}
