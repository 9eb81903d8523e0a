import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { objectRule } from '../rule.ts';

/** Requires a confirmation of a deletion with the data. */
export const deletionConfirmed = objectRule({
  id: 'deletion-confirmed',
  kinds: ['Database'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'delete',
  why: 'With deletionPolicy Delete the data goes with the object, and no sync brings it back.',
  remedy: 'annotate the Database with db.example.com/confirm-delete: <its name>, let that be synced, then delete',
  allowed: [
    { metadata: { annotations: { 'db.example.com/confirm-delete': 'orders' } }, spec: { deletionPolicy: 'Delete' } },
    { spec: { deletionPolicy: 'Retain' } },
  ],
  denied: [
    { spec: { deletionPolicy: 'Delete' } },
    { metadata: { annotations: { 'db.example.com/confirm-delete': 'yes' } }, spec: { deletionPolicy: 'Delete' } },
  ],
  check: ({ metadata, spec }) => {
    const confirmed = metadata.annotations?.[CONFIRM_DELETE] === metadata.name;
    if (spec.deletionPolicy !== 'Delete' || confirmed) return [];
    const path = ['metadata', 'annotations', CONFIRM_DELETE];
    return [{ path, problem: 'must be the name of the Database before it is deleted with its data' }];
  },
});
