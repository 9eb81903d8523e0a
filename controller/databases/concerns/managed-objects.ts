import { DEFAULT_ACCOUNT } from '../../../policies/rules/member-account.ts';
import { names, patroniConfigMapOf } from '../../../generator/names.ts';
import { nameOf } from '../state/database.ts';
import { isMarkOf, isOwn } from '../state/ownership.ts';
import type { ObjectToDelete } from '../decision.ts';
import type { ManagedObject, Observation } from '../observation.ts';

/** Kinds that hold data or credentials: only a confirmed deletion removes their objects. */
const KEPT: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'Secret']);

/** Whether an object is a ConfigMap with Patroni's state; Patroni labels these as configured. */
export function isPatroniConfigMap(seen: Observation, { kind, name, mark }: ManagedObject): boolean {
  if (kind !== 'ConfigMap' || !isMarkOf(seen, mark)) return false;
  return patroniConfigMapOf(nameOf(seen), name) !== undefined;
}

/** Whether an object is the CronJob of a DatabaseBackup with a schedule, which runs with what the Database has. */
export function isSchedule({ own }: Observation, { kind, name, mark }: ManagedObject): boolean {
  return kind === 'CronJob' && name.endsWith(names.backupSchedule('')) && mark === own.uid;
}

/** The namespace's `default` account, which earlier versions took over for a Database of that name. */
function isOfAll({ kind, name }: ManagedObject): boolean {
  return kind === 'ServiceAccount' && name === DEFAULT_ACCOUNT;
}

/** Whether an object may be removed with the workload: Ballast made it for this Database, and it holds no data. */
export function isExpendable(seen: Observation, child: ManagedObject): boolean {
  return !KEPT.has(child.kind) && child.kind !== 'StatefulSet' && !isOfAll(child) && isOwn(seen, child);
}

/** The object in the form that a deletion needs. */
export function objectToDelete({ apiVersion, kind, name, uid, resourceVersion }: ObjectToDelete): ObjectToDelete {
  return { apiVersion, kind, name, uid, resourceVersion };
}
