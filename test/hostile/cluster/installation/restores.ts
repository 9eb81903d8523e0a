import type { Attempt } from './attempts.ts';
import { at, change, create, labelled, remove } from './attempts.ts';

const REQUEST = { 'db.example.com/restore-request': '{"id":"1111111111111111","state":"hold"}' };
const ANOTHER = { 'db.example.com/restore-request': '{"id":"1111111111111111","state":"follow"}' };
const NAMED = { name: 'orders-back' };

/** The object that asks for a restore, as it is there before. */
export const A_RESTORE = {
  apiVersion: 'db.example.com/v1alpha1',
  kind: 'DatabaseRestore',
  metadata: { ...NAMED, namespace: 'held' },
  spec: { databaseRef: { name: 'orders' }, backup: 'nightly', confirmOverwrite: 'orders' },
};

/** What the controller does about restores in place. */
export const RESTORES: readonly Attempt[] = [
  create('asks the members for a restore', 'configmaps', {
    metadata: { name: 'fresh-restore', labels: labelled('fresh'), annotations: REQUEST },
  }),
  change('lets them go on with it', at('configmaps', 'orders-restore'), { metadata: { annotations: ANOTHER } }),
  remove('ends it', 'configmaps', 'orders-restore'),
  change('says how it went', `${at('databaserestores', 'orders-back')}/status`, { status: { phase: 'Succeeded' } }),
];

/** What must not come of those rights. */
export const NO_RESTORES: readonly Attempt[] = [
  create('asks for a restore with data in it', 'configmaps', {
    ...{ metadata: { name: 'fresh-restore', labels: labelled('fresh') }, data: { a: 'b' } },
  }),
  create('asks for a restore of another Database', 'configmaps', {
    metadata: { name: 'billing-restore', labels: labelled('fresh') },
  }),
  create('asks for a restore without a label', 'configmaps', { metadata: { name: 'fresh-restore' } }),
  change('writes an annotation of others into a request', at('configmaps', 'orders-restore'), {
    metadata: { annotations: { 'example.com/note': 'x' } },
  }),
  change('takes the label from a request', at('configmaps', 'orders-restore'), {
    metadata: { labels: { 'db.example.com/database': null } },
  }),
  create('makes a DatabaseRestore', 'databaserestores', { ...A_RESTORE, metadata: { name: 'orders-again' } }),
  change('confirms a restore', at('databaserestores', 'orders-back'), { spec: { confirmOverwrite: 'other' } }),
  remove('deletes a DatabaseRestore', 'databaserestores', 'orders-back'),
];
