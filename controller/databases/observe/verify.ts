import type { Settings } from '../../../database/types.ts';
import { isRecord } from '../../../database/record.ts';
import type { Manifest } from '../../../generator/metadata.ts';
import type { Api } from '../../../kubernetes/api.ts';
import { hasCode } from '../../../kubernetes/api.ts';
import type { KubernetesObject, ObjectName } from '../../../kubernetes/objects.ts';
import { resourceNamed } from '../../resources.ts';
import type { ManagedObject, Observation } from '../observation.ts';
import { revisionOf } from '../../cluster/managed-object.ts';
import { markOf, ownershipOf } from './first-contact.ts';
import type { AppliedObject, DatabaseMemory, Rendering, TakenName } from './memory.ts';
import { ownsOnly } from './owned-fields.ts';
import {
  manifestName,
  marked,
  objectsOf,
  rememberedAs,
  renderingOf,
  withReplicas,
  withoutReplicas,
} from './rendering.ts';

/** The memory of a name without an object. */
const NOTHING: AppliedObject = { asked: '', revision: '' };
/** Milliseconds until a taken name is checked again. */
const TAKEN_MS = 60_000;

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** Whether an object contains everything that is wanted; additions by others do not matter. */
export function contains(object: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(object)) return wanted.length === 0 && object === undefined;
    return wanted.length === object.length && wanted.every((item, index) => contains(object[index], item));
  }
  // The API server omits empty values.
  if (!isRecord(wanted)) return object === wanted;
  if (!isRecord(object)) return isEmpty(object) && isEmpty(wanted);
  return Object.entries(wanted).every(([name, value]) => value === undefined || contains(object[name], value));
}

/** A rendered name: the object in the watches, and the memory of it. */
interface Name {
  readonly child: ManagedObject | undefined;
  readonly known: AppliedObject | undefined;
  readonly taken: TakenName | undefined;
}

/** Whether the API server must be asked for the object under a rendered name. */
function isUnknown({ child, known, taken }: Name, around: { of: string; now: Date }): boolean {
  if (child?.deleting === true) return false;
  if (taken) {
    const isAsItWas = taken.of === around.of && (!child || child.resourceVersion === taken.resourceVersion);
    return !isAsItWas || taken.askAgainAt <= around.now;
  }
  return child ? known?.uid !== child.uid : !known;
}

/** Rendered names whose objects are unknown. */
function unknownNames(seen: Observation, rendering: Rendering, remembered: DatabaseMemory, now: Date): Set<string> {
  const { children } = seen;
  const there = new Map(children.map((child) => [rememberedAs(child), child]));
  const around = { of: rendering.of, now };
  const names = rendering.objects.map(rememberedAs).filter((as) => {
    const name = { child: there.get(as), known: remembered.applied.get(as), taken: remembered.taken.get(as) };
    return isUnknown(name, around);
  });
  return new Set(names);
}

/** An object that was read under a rendered name, with its manifest. */
export interface Reading {
  readonly manifest: Manifest;
  readonly object: KubernetesObject;
  readonly now: Date;
}

/** Remembers the owner of an object, and for an object of the Database whether it matches its manifest and has the mark. */
export function note(
  { own, workload }: Pick<Observation, 'own' | 'workload'>,
  remembered: DatabaseMemory,
  { manifest, object, now }: Reading,
): void {
  const { kind } = manifest;
  const as = rememberedAs({ kind, name: manifestName(manifest) });
  const standing = ownershipOf(kind, object, { own, hasWorkload: workload !== undefined });
  remembered.taken.delete(as);
  if (standing.is === 'taken') {
    const { resourceVersion = '' } = object.metadata;
    const askAgainAt = new Date(now.getTime() + TAKEN_MS);
    remembered.applied.delete(as);
    remembered.taken.set(as, { by: standing.by, of: remembered.rendering?.of ?? '', resourceVersion, askAgainAt });
    return;
  }
  const { uid } = standing;
  // Replicas are decided separately: any number of them counts as applied.
  const asApplied = marked(withReplicas(manifest, kind === 'StatefulSet' ? 0 : undefined), own.uid);
  const isMarked = markOf(object.metadata) === own.uid;
  const isSame = isMarked && contains(object, withoutReplicas(manifest)) && ownsOnly(object.metadata, asApplied);
  const asked = remembered.rendering?.objects.find((one) => rememberedAs(one) === as)?.asked ?? '';
  remembered.applied.set(as, isSame ? { asked, revision: revisionOf(kind, object), uid } : { ...NOTHING, uid });
}

const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** Reads the object under a name; undefined also where the API server does not serve the kind. */
export async function standsAt(
  api: Pick<Api, 'get'>,
  kind: string,
  place: ObjectName,
): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(resourceNamed(kind), place);
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return undefined;
    throw error;
  }
}

/**
 * Reads the objects under a Database's rendered names that are not in the memory, as after a start, and judges whether each is the
 * Database's and matches its manifest, so that it need not be applied. Returns whether it read any.
 */
export async function verify(
  seen: Observation,
  remembered: DatabaseMemory,
  { api, settings, now }: { readonly api: Pick<Api, 'get'>; readonly settings: Settings; readonly now: Date },
): Promise<boolean> {
  const { own, children, rendered } = seen;
  if (!rendered) return false;
  const rendering = renderingOf(own, settings, remembered);
  const unknown = unknownNames(seen, rendering, remembered, now);
  if (unknown.size === 0) return false;
  const { namespace } = own.database.metadata;
  const read = async (manifest: Manifest): Promise<void> => {
    const name = manifestName(manifest);
    const as = rememberedAs({ kind: manifest.kind, name });
    if (!unknown.has(as)) return;
    const object = await standsAt(api, manifest.kind, { namespace, name }).catch((error: unknown) => {
      // An account that may not read it may not apply it either; the apply reports that.
      if (!hasCode(error, FORBIDDEN)) throw error;
      return undefined;
    });
    if (object) {
      note(seen, remembered, { manifest, object, now });
      return;
    }
    // The object is gone, and the watches may still show it: another read would bring nothing new.
    const child = children.find((one) => rememberedAs(one) === as);
    remembered.taken.delete(as);
    remembered.applied.set(as, child ? { ...NOTHING, uid: child.uid } : NOTHING);
  };
  await Promise.all(objectsOf(own, settings, remembered).map(read));
  return true;
}
