import { placeOfBackups } from '../destinations.ts';
import { unproven } from '../proof.ts';
import { objectRule } from '../rule.ts';

const verify = { schedule: '@daily', gate: { before: ['DestinationChange'], maxAge: '7d' } };
const at = (destination: string, more: object = { verify }): { readonly spec: object } => ({
  spec: { backup: { destination, ...more } },
});
const verified = (time: string, result = 'Succeeded'): object => ({
  status: { lastVerified: { name: '20261119-020000F', time, result } },
});

/** Refuses to leave backups behind while a gate asks for a verification of them. */
export const destinationChangeProven = objectRule({
  id: 'destination-change-proven',
  kinds: ['Database'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'update',
  why: 'Until there are backups in the new place, those that are left behind are the only ones. The gate of the Database before the change counts: it cannot be removed together with what it guards. The API server refuses the change; of a file in Git, whose Database has a status only in the cluster, this is a warning, unless facts of the cluster are given (docs/facts.md).',
  remedy:
    'verify the backups until status.lastVerified is Succeeded, or remove spec.backup.verify.gate first, in a change of its own',
  // Not in CEL: a field with two forms has no type there, and CEL cannot name it.
  allowed: [
    { was: { ...at('s3://backups/orders'), ...verified('2026-11-19T05:00:00Z') }, ...at('s3://others/orders') },
    { was: { ...at('s3://backups/orders'), status: {} }, ...at('s3://backups/orders/') },
    { was: { ...at('s3://backups/orders'), status: {} }, ...at('s3://backups/orders', {}) },
    { was: { ...at('s3://backups/orders', {}), status: {} }, ...at('s3://others/orders') },
  ],
  denied: [
    { was: { ...at('s3://backups/orders'), status: {} }, ...at('pvc://') },
    { was: { ...at('s3://backups/orders'), status: {} }, ...at('s3://others/orders', {}) },
    { was: { ...at('s3://backups/orders'), status: {} }, spec: {} },
    { was: { ...at('pvc://'), ...verified('2026-11-19T05:00:00Z', 'Failed') }, ...at('s3://others/orders') },
    { was: { ...at('s3://backups/orders'), ...verified('2026-11-09T05:00:00Z') }, ...at('s3://others/orders') },
  ],
  check: (database, old, { now }) => {
    const place = old && placeOfBackups(old);
    if (!old || place === undefined || place === placeOfBackups(database)) return [];
    const problem = `must not leave the backups in ${place} behind unless they were verified`;
    return unproven('DestinationChange', problem, { stored: old, now });
  },
});
