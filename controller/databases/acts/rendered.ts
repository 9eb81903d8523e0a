import { OWNER, SYSTEM_IDENTIFIER } from '../../../database/vocabulary.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import { RESOURCES, resourceNamed } from '../../resources.ts';
import type { ObjectToDelete } from '../decision.ts';
import { revisionOf } from '../../cluster/managed-object.ts';
import { FIELD_MANAGER } from '../observe/first-contact.ts';
import { manifestName, marked, objectsOf, rememberedAs, renderingOf, withReplicas } from '../observe/rendering.ts';
import { note, standsAt } from '../observe/verify.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from './action.ts';
import { seenChanged, inNamespace, seenAtVersion } from './action.ts';

/**
 * Applies one rendered object, and remembers the result. Forces conflicts only on the object that is known to be the Database's; where
 * the watches show none, the API server is asked first.
 */
export const apply: Action<'apply'> = async ({ kind, name, replicas, uid }, acting) => {
  const { api, looking, seen, remembered } = acting;
  const { settings } = looking;
  const manifest = objectsOf(seen.own, settings, remembered).find(
    (one) => one.kind === kind && manifestName(one) === name,
  );
  if (!manifest) throw new Error(`${kind} ${name} is not rendered`);
  const resource = resourceNamed(kind);
  const place = inNamespace(acting, name);
  const there = uid === undefined ? await standsAt(api, kind, place) : undefined;
  if (there) {
    note(seen, remembered, { manifest, object: there, now: acting.now() });
    return {};
  }
  const body = marked(withReplicas(manifest, replicas), seen.own.uid, uid);
  const patch = { type: 'apply', body, fieldManager: FIELD_MANAGER, force: uid !== undefined } as const;
  const before = looking.watches.versionOf(kind, keyOf(place));
  const object = await api.patch(resource, place, patch);
  const asked = renderingOf(seen.own, settings, remembered).objects.find(
    (one) => one.kind === kind && one.name === name,
  )?.asked;
  if (asked !== undefined) {
    const applied = { asked, revision: revisionOf(kind, object), uid: object.metadata.uid ?? '' };
    remembered.applied.set(rememberedAs({ kind, name }), applied);
  }
  const isIdle = before?.resourceVersion === object.metadata.resourceVersion;
  return { ...seenAtVersion(acting, resource, object), isIdle };
};

/** Deletes an object at the version that was seen. */
export async function remove(
  acting: ActionContext,
  object: ObjectToDelete,
  propagation: 'Orphan' | 'Background',
): Promise<StepEffect> {
  const { kind, name, uid, resourceVersion } = object;
  const resource = resourceNamed(kind);
  const place = inNamespace(acting, name);
  await acting.api.delete(resource, place, { uid, resourceVersion, propagation });
  acting.remembered.applied.delete(rememberedAs({ kind, name }));
  if (resource !== RESOURCES.Secret) return seenChanged(acting, resource, { ...place, uid, resourceVersion });
  // Secrets are not watched: they are read again.
  acting.remembered.credentials = undefined;
  return {};
}

/** Deletes an object with its dependents. */
export const deleteObject: Action<'delete'> = ({ object }, acting) => {
  // Its pods would end at once, without an orderly stop.
  if (object.kind === 'StatefulSet') throw new Error('a StatefulSet is never deleted with its pods');
  return remove(acting, object, 'Background');
};

/** Deletes a StatefulSet without its pods. */
export const orphan: Action<'orphan'> = ({ object }, acting) => remove(acting, object, 'Orphan');

/** Sets the number of members that the StatefulSet runs. */
export const scale: Action<'scale'> = async ({ replicas, uid, resourceVersion }, acting) => {
  const { api, seen } = acting;
  const place = inNamespace(acting, seen.own.database.metadata.name ?? '');
  const body = { metadata: { uid, resourceVersion }, spec: { replicas } };
  await api.patch(RESOURCES.StatefulSet, { ...place, subresource: 'scale' }, { type: 'merge', body });
  return seenChanged(acting, RESOURCES.StatefulSet, { ...place, uid, resourceVersion });
};

/** Patches a claim, at the version that was seen. */
async function patchClaim(
  acting: ActionContext,
  name: string,
  { annotations, spec }: { readonly annotations?: object; readonly spec?: object },
): Promise<StepEffect> {
  const claim = acting.seen.claims.find((one) => one.name === name);
  if (!claim) return { waitsFor: `the claim ${name}` };
  const { uid, resourceVersion } = claim;
  const body = { metadata: { uid, resourceVersion, ...(annotations && { annotations }) }, ...(spec && { spec }) };
  const object: KubernetesObject = await acting.api.patch(RESOURCES.PersistentVolumeClaim, inNamespace(acting, name), {
    type: 'merge',
    body,
  });
  return seenAtVersion(acting, RESOURCES.PersistentVolumeClaim, object);
}

/** Writes the owner's mark on a claim. */
export const markClaim: Action<'mark-claim'> = ({ claim, systemIdentifier }, acting) => {
  const identifier = systemIdentifier === undefined ? {} : { [SYSTEM_IDENTIFIER]: systemIdentifier };
  return patchClaim(acting, claim, { annotations: { [OWNER]: acting.seen.own.uid, ...identifier } });
};

/** Raises the size that a claim asks for. */
export const growClaim: Action<'grow-claim'> = ({ claim, storage }, acting) =>
  patchClaim(acting, claim, { spec: { resources: { requests: { storage } } } });
