import { DATABASE_LABEL, OWNER } from '../../../database/vocabulary.ts';
import { APPLY } from '../../../database/vocabulary.ts';
import { MANAGED_BY_LABEL, isRendered } from '../../../generator/metadata.ts';
import { isMarkOf } from '../state/ownership.ts';
import type { KubernetesObject, ObjectMeta } from '../../../kubernetes/objects.ts';
import type { DatabaseSeen } from '../observation.ts';
import { intern } from '../../cluster/intern.ts';

/** The field manager of the controller's writes. */
export const FIELD_MANAGER = 'ballast';
/** Replaces a mark that is not a uid. */
const NO_UID = '?';

/** The mark of an object: uid of the Database that Ballast made it for; empty when it has only Ballast's labels, undefined without them. */
export function markOf({
  labels = {},
  annotations = {},
}: Pick<ObjectMeta, 'labels' | 'annotations'>): string | undefined {
  if (!isRendered(labels) || labels[DATABASE_LABEL] === undefined) return undefined;
  const mark = annotations[OWNER] ?? '';
  return intern(/^[\w-]{0,64}$/.test(mark) ? mark : NO_UID);
}

/** The owner of an object under a name that a Database renders. */
export type Ownership = { readonly is: 'own'; readonly uid: string } | { readonly is: 'taken'; readonly by: string };

/** A Database's data for judging existing objects. */
export interface DatabaseAtFirstContact {
  readonly own: DatabaseSeen;
  /** Whether its StatefulSet exists, so that claims under its names belong to its members. */
  readonly hasWorkload: boolean;
}

const WORD = /^[\w./-]{1,64}$/;

/** The maker of an object, in a word that a user can search for. */
function makerOf({ metadata: { labels = {}, managedFields = [], ownerReferences = [] } }: KubernetesObject): string {
  const [owner] = ownerReferences;
  const words = [
    owner && `${owner.kind}/${owner.name}`,
    labels['app.kubernetes.io/instance'],
    labels['app.kubernetes.io/name'],
    labels[MANAGED_BY_LABEL],
    managedFields[0]?.manager,
  ];
  return words.find((word) => word !== undefined && WORD.test(word)) ?? 'somebody else';
}

/** The field manager that created an object. */
function managerOf({ managedFields = [] }: ObjectMeta): string {
  const manager = managedFields[0]?.manager ?? '';
  return WORD.test(manager) ? manager : 'somebody else';
}

/** Whether a version of the controller without marks applied an object. */
function wasApplied({ managedFields = [] }: ObjectMeta): boolean {
  return managedFields.some(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply');
}

/** Whether an object has the labels of this Database; the StatefulSet controller gives claims one of them. */
function isLabelled(kind: string, { labels = {} }: ObjectMeta, { own, hasWorkload }: DatabaseAtFirstContact): boolean {
  if (labels[DATABASE_LABEL] !== own.database.metadata.name) return false;
  return isRendered(labels) || (kind === 'PersistentVolumeClaim' && hasWorkload);
}

/** Judges an object under a name that a Database renders. */
export function ownershipOf(kind: string, object: KubernetesObject, claimant: DatabaseAtFirstContact): Ownership {
  const { metadata } = object;
  const { own, hasWorkload } = claimant;
  const mark = metadata.annotations?.[OWNER] ?? '';
  if (!isLabelled(kind, metadata, claimant)) return { is: 'taken', by: makerOf(object) };
  if (!isMarkOf({ own }, mark)) return { is: 'taken', by: 'an earlier Database of this name' };
  const isWanted = wasApplied(metadata) || own.annotations[APPLY] === 'adopt';
  const isClaim = kind === 'PersistentVolumeClaim' && hasWorkload;
  if (mark !== '' || isWanted || isClaim) return { is: 'own', uid: metadata.uid ?? '' };
  return { is: 'taken', by: `${managerOf(metadata)} for this Database` };
}
