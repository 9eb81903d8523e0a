import { isIdentityOf } from '../../../generator/identities.ts';
import type { ManagedObject, Observation } from '../observation.ts';
import { nameOf } from './database.ts';

/** Whether this Database adopts the volumes of an earlier one of its name: what they hold is newer than any archive. */
export function adopts({ own }: Pick<Observation, 'own'>): boolean {
  const { adopt, recover } = own.database.spec.bootstrap ?? {};
  return adopt === true || recover === true;
}

/**
 * Whether a mark names this Database: its uid, or empty where the object has only Ballast's labels, as an object rendered into Git does.
 */
export function isMarkOf(seen: Pick<Observation, 'own'>, mark: string | undefined): boolean {
  return mark !== undefined && (mark === '' || mark === seen.own.uid || adopts(seen));
}

/** Whether Ballast made an object for this Database, judged by kind, name, labels and mark. */
export function isOwn(seen: Pick<Observation, 'own'>, child: Pick<ManagedObject, 'kind' | 'name' | 'mark'>): boolean {
  return isIdentityOf(nameOf(seen), child) && isMarkOf(seen, child.mark);
}
