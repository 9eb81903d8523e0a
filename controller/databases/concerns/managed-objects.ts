import { DEFAULT_ACCOUNT } from '../../../policies/rules/member-account.ts';
import { patroniConfigMapOf } from '../../../generator/names.ts';
import { nameOf } from '../state/database.ts';
import { isMarkOf, isOwn } from '../state/ownership.ts';
import type { ObjectToDelete } from '../decision.ts';
import type { ManagedObject, Observation } from '../observation.ts';

/** Kinds that hold data or credentials: their objects go only with a confirmed deletion. */
const KEPT: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'Secret']);

/** Whether an object is one in which Patroni keeps its state; it labels them as it is told to. */
export function isPatroniConfigMap(seen: Observation, { kind, name, mark }: ManagedObject): boolean {
  if (kind !== 'ConfigMap' || !isMarkOf(seen, mark)) return false;
  return patroniConfigMapOf(nameOf(seen), name) !== undefined;
}

/** The account of every pod of the namespace that names none: a Database of that name once took it over. */
function isOfAll({ kind, name }: ManagedObject): boolean {
  return kind === 'ServiceAccount' && name === DEFAULT_ACCOUNT;
}

/** Whether an object may be taken away with the workload: Ballast made it for this Database, and it holds nothing. */
export function isExpendable(seen: Observation, child: ManagedObject): boolean {
  return !KEPT.has(child.kind) && child.kind !== 'StatefulSet' && !isOfAll(child) && isOwn(seen, child);
}

/** An object as a deletion names it. */
export function objectToDelete({ apiVersion, kind, name, uid, resourceVersion }: ObjectToDelete): ObjectToDelete {
  return { apiVersion, kind, name, uid, resourceVersion };
}
