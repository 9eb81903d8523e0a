import { quantityOf } from '../../database/resolve.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { REFUSALS } from './fake-api/refused.ts';
import { part } from './objects.ts';

/** The storage class of claims without one. */
const DEFAULT_CLASS = 'standard';

function sizeOf(claim: KubernetesObject): bigint {
  const { storage } = part(claim, 'spec', 'resources', 'requests') as { readonly storage?: string };
  return quantityOf(storage ?? '0')?.nano ?? 0n;
}

/** Refuses to shrink a claim, or to grow one whose class does not allow it, as the API server does. */
export function admitResize(objects: ObjectsByHand): (before: KubernetesObject, after: KubernetesObject) => void {
  return (before, after) => {
    if (before.kind !== 'PersistentVolumeClaim') return;
    const [was, is] = [sizeOf(before), sizeOf(after)];
    if (is < was) throw REFUSALS.forbidden('field can not be less than previous value');
    const { storageClassName = DEFAULT_CLASS } = part(after, 'spec') as { readonly storageClassName?: string };
    const storageClass = objects.all('StorageClass').find(({ metadata }) => metadata.name === storageClassName);
    if (is > was && storageClass?.['allowVolumeExpansion'] !== true)
      throw REFUSALS.forbidden('the storageclass that provisions the pvc must support resize');
  };
}
