import { FINALIZER } from '../../../database/vocabulary.ts';
import { foreignClaims } from '../state/volumes.ts';
import { isInvalid, isLossConfirmed } from '../state/database.ts';
import type { Observation } from '../observation.ts';
import type { Choice } from './concern.ts';

/** Labels the namespace as protected exactly while any Database in it is. */
export function protectNamespace(seen: Observation): Choice | undefined {
  const { own, namespaceGuard, namespaceHasOtherProtected } = seen;
  if (namespaceGuard === undefined) return undefined;
  const protect = own.database.spec.deletionPolicy === 'Protect' || namespaceHasOtherProtected;
  if (protect === (namespaceGuard === 'true')) return undefined;
  return protect
    ? { step: { do: 'guard-namespace', guard: 'true' }, because: 'a Database in the namespace is protected' }
    : { step: { do: 'guard-namespace', guard: 'data' }, because: 'no Database in the namespace is protected' };
}

/**
 * Labels a namespace in which data may be, whose loss nobody has confirmed. The label stays: volumes outlive their Databases, and a person
 * confirms the deletion of the namespace.
 */
export function guardData(seen: Observation): Choice | undefined {
  if (seen.namespaceGuard !== 'none' || isLossConfirmed(seen)) return undefined;
  return { step: { do: 'guard-namespace', guard: 'data' }, because: 'the namespace holds data' };
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
