import { below, wrongLabels } from '../labels.ts';
import { objectRule } from '../rule.ts';

/** Requires labels that the API server accepts. */
export const labelsValid = objectRule({
  id: 'labels-valid',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata.labels',
  severity: 'error',
  on: 'write',
  why: 'The API server refuses an object with a label of another form, and Argo CD would tell only after the merge.',
  remedy: 'use a key such as example.com/team and a value such as checkout-2',
  allowed: [{ metadata: { labels: { 'example.com/team': 'checkout-2', empty: '' } } }],
  denied: [{ metadata: { labels: { team: 'two words' } } }, { metadata: { labels: { 'a/b/c': 'x' } } }],
  check: ({ metadata }) => below(['metadata', 'labels'], wrongLabels(metadata.labels)),
});
