import { destinationOf } from '../destinations.ts';
import { quantityProblems } from '../quantities.ts';
import { compareQuantities } from '../../database/values/quantity.ts';
import { quantityOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

const ZERO = { nano: 0n, format: 'BinarySI' } as const;

/** The size of a backup volume is a Kubernetes quantity. */
export const backupVolumeQuantity = objectRule({
  id: 'backup-volume-quantity',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.destination.pvc.size',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes reads sizes in units of its own: k and Ki exist, K and KB do not.',
  remedy: 'write a number with a unit, such as 40Gi',
  allowed: [{ spec: { backup: { destination: { pvc: { size: '40Gi' } } } } }],
  denied: [
    { spec: { backup: { destination: { pvc: { size: '40GB' } } } } },
    { spec: { backup: { destination: { pvc: { size: '0' } } } } },
  ],
  check: (object) => {
    const named = destinationOf(object);
    if (!named || typeof named.written === 'string') return [];
    const size = named.written.pvc?.size;
    if (size === undefined) return [];
    const path = [...named.path, 'pvc', 'size'];
    const read = quantityOf(size);
    if (!read || compareQuantities(read, ZERO) > 0) return quantityProblems(size, path);
    return [{ path, value: size, problem: 'must be more than nothing' }];
  },
});
