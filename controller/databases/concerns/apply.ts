import { isInvalid, nameOf, wantedMembers } from '../state/database.ts';
import { membersToLead, mustNotScaleDown } from '../state/scale-down.ts';
import { wantedBytes } from '../state/volumes.ts';
import type { ManagedObject, Observation, RenderedObject } from '../observation.ts';
import type { Choice, Do } from './concern.ts';
import { firstOf } from './concern.ts';
import { objectToDelete, isExpendable } from './managed-objects.ts';

const WORKLOAD = 'StatefulSet';
const CLAIM = 'PersistentVolumeClaim';
/** The objects that the controller itself needs before it may read the Secrets. */
const ACCESS: ReadonlySet<string> = new Set(['ServiceAccount', 'Role', 'RoleBinding']);

/** The number of members that the StatefulSet must have now: the wanted ones, and those that are needed for a while longer. */
function replicasNow(seen: Observation): number {
  const wanted = wantedMembers(seen);
  if (wanted === 0) return wanted;
  const now = mustNotScaleDown(seen) ? (seen.workload?.replicas ?? wanted) : wanted;
  return Math.max(now, membersToLead(seen));
}

/** Whether the API server would refuse to create a claim as rendered, so that the existing claim stays as it is. */
function isFixed(seen: Observation, { kind, name }: RenderedObject): boolean {
  const claim = kind === CLAIM ? seen.claims.find((one) => one.name === name) : undefined;
  const wanted = wantedBytes(seen);
  if (!claim || wanted === undefined) return false;
  return claim.requested > wanted || (claim.requested < wanted && seen.storageClass?.expandable === false);
}

function isDue(seen: Observation, object: RenderedObject): boolean {
  if (object.takenBy !== undefined || isFixed(seen, object)) return false;
  if (object.kind !== WORKLOAD || object.name !== nameOf(seen)) return !object.upToDate;
  return !object.upToDate || seen.workload?.replicas !== replicasNow(seen);
}

function applyingOf(seen: Observation, { apiVersion, kind, name, uid }: RenderedObject): Do {
  const replicas = kind === WORKLOAD ? replicasNow(seen) : undefined;
  return {
    step: {
      ...{ do: 'apply', apiVersion, kind, name },
      ...(replicas !== undefined && { replicas }),
      ...(uid !== undefined && { uid }),
    },
    because: `${kind} ${name} is not as the Database asks for`,
  };
}

function applyFirst(seen: Observation, objects: readonly RenderedObject[]): Choice | undefined {
  const due = objects.filter((object) => isDue(seen, object));
  return firstOf(
    seen,
    due.map((object) => applyingOf(seen, object)),
  );
}

/** Direct mode: creates nothing while other objects have some of the names and this Database has no objects yet. */
export function holdTaken(seen: Observation): Choice | undefined {
  const taken = (seen.rendered ?? []).some(({ takenBy }) => takenBy !== undefined);
  return taken && !seen.workload ? { because: 'names of its objects are taken', stops: true } : undefined;
}

/** Direct mode: grants the controller its rights to this Database's Secrets. */
export function applyAccess(seen: Observation): Choice | undefined {
  const access = (seen.rendered ?? []).filter(({ kind }) => ACCESS.has(kind));
  return isInvalid(seen) ? undefined : applyFirst(seen, access);
}

/** Direct mode: applies the rendered objects in order, and reverts changes by others. */
export function applyRendered(seen: Observation): Choice | undefined {
  return applyFirst(seen, seen.rendered ?? []);
}

/** Direct mode: removes objects that are no longer rendered; never those that hold data. */
export function removeUnrendered(seen: Observation): Choice | undefined {
  const { rendered, children } = seen;
  if (!rendered) return undefined;
  const isRendered = ({ kind, name }: ManagedObject): boolean =>
    rendered.some((object) => object.kind === kind && object.name === name);
  const removed = children.filter((one) => !one.deleting && isExpendable(seen, one) && !isRendered(one));
  return firstOf(
    seen,
    removed.map((child) => ({
      step: { do: 'delete', object: objectToDelete(child) },
      because: `${child.kind} ${child.name} is asked for no more`,
    })),
  );
}
