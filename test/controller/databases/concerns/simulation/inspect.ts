import type { Step } from '../../../../../controller/databases/decision.ts';
import type { SimPod, World } from './world.ts';
import { OWN_UID, processOf } from './world.ts';

type Damage = (step: Step, world: World) => string | false;

function isConfirmed({ own }: World): boolean {
  return own.annotations['db.example.com/confirm-delete'] === 'orders' && own.spec.deletionPolicy === 'Delete';
}

/** Whether the Database is deleted, and nothing holds that. */
function isGoing(world: World): boolean {
  const { deletedAt, spec } = world.own;
  return deletedAt !== undefined && (isConfirmed(world) || spec.deletionPolicy === 'Retain');
}

/** The pod whose process holds the lock and lives. */
function holder({ pods, leader }: World): SimPod | undefined {
  return pods.find((pod) => pod.name === leader?.member && processOf(pod) === leader.process);
}

const RENDERED: readonly Step['do'][] = ['apply', 'delete', 'scale', 'orphan'];

/** What must never happen to the world as it is, whatever was seen of it. */
const DAMAGES: readonly Damage[] = [
  (step, world) =>
    step.do === 'delete' &&
    ['PersistentVolumeClaim', 'Secret'].includes(step.object.kind) &&
    !(isGoing(world) && isConfirmed(world)) &&
    'data go without a confirmed deletion',
  (step, { claims }) =>
    step.do === 'delete' &&
    claims.some(({ name, owner }) => name === step.object.name && owner !== OWN_UID) &&
    'data of another Database go',
  (step, world) => step.do === 'scale' && !isGoing(world) && 'the StatefulSet is scaled by itself',
  (step, world) => step.do === 'orphan' && !isGoing(world) && 'the StatefulSet goes',
  (step, world) =>
    RENDERED.includes(step.do) && !world.direct && !isGoing(world) && 'a rendered object is touched in GitOps mode',
  (step, world) =>
    step.do === 'release-leader-lock' &&
    holder(world) !== undefined &&
    String(world.leader?.version) === step.resourceVersion &&
    'the lock of a living primary is freed',
  (step, world) =>
    step.do === 'relabel' &&
    holder(world)?.uid === step.uid &&
    String(holder(world)?.version) === step.resourceVersion &&
    'the label of the primary is taken',
];

/** Notes what a step would destroy that it must not. */
export function inspect(step: Step, world: World): void {
  for (const damage of DAMAGES) {
    const what = damage(step, world);
    if (what !== false) world.damage.push(`${what}: ${JSON.stringify(step)}`);
  }
}
