import { isIdentityOf } from '../../../generator/identities.ts';
import type { ManagedObject, Observation } from '../observation.ts';
import { nameOf } from './database.ts';

/** Whether this Database takes over what an earlier one of its name left. */
export function adopts({ own }: Pick<Observation, 'own'>): boolean {
  return own.database.spec.bootstrap?.adopt === true;
}

/**
 * Whether a mark says that an object is this Database's: the uid that Ballast noted, empty where the object bears
 * Ballast's labels alone, as what was rendered into Git does.
 */
export function isMarkOf(seen: Pick<Observation, 'own'>, mark: string | undefined): boolean {
  return mark !== undefined && (mark === '' || mark === seen.own.uid || adopts(seen));
}

/** Whether an object is one that Ballast made for this Database: by kind, name, labels and mark. */
export function isOwn(seen: Pick<Observation, 'own'>, child: Pick<ManagedObject, 'kind' | 'name' | 'mark'>): boolean {
  return isIdentityOf(nameOf(seen), child) && isMarkOf(seen, child.mark);
}
