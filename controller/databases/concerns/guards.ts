import { FINALIZER } from '../../../database/vocabulary.ts';
import { foreignClaims } from '../state/volumes.ts';
import { isInvalid } from '../state/database.ts';
import type { Observation } from '../observation.ts';
import type { Choice } from './concern.ts';

/** Keeps the label on the namespace while any Database in it is protected. */
export function protectNamespace(seen: Observation): Choice | undefined {
  const { own, namespaceProtected, namespaceHasOtherProtected } = seen;
  if (namespaceProtected === undefined) return undefined;
  const protect = own.database.spec.deletionPolicy === 'Protect' || namespaceHasOtherProtected;
  if (protect === namespaceProtected) return undefined;
  const because = protect ? 'a Database in the namespace is protected' : 'no Database in the namespace is protected';
  return { step: { do: 'protect-namespace', protect }, because };
}

/** Adds the finalizer, so that the controller sees a deletion before the Database is gone. */
export function addFinalizer({ own }: Observation): Choice | undefined {
  if (own.deletionRequestedAt || own.finalizers.includes(FINALIZER)) return undefined;
  return { step: { do: 'add-finalizer' }, because: 'the Database has no finalizer yet' };
}

/** Stops everything except the release of the leader lock while the volumes belong to another Database. */
export function holdForeignVolumes(seen: Observation): Choice | undefined {
  const [claim] = foreignClaims(seen);
  return claim && { because: `${claim.name} holds the data of another Database`, stops: true };
}

/** Stops everything that follows from the spec while the spec violates rules. */
export function holdInvalid(seen: Observation): Choice | undefined {
  return isInvalid(seen) ? { because: 'the Database breaks rules', stops: true } : undefined;
}
