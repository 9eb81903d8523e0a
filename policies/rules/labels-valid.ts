import { wrongLabels } from '../labels.ts';
import { objectRule } from '../rule.ts';

/** Labels and annotations that the API server takes. */
export const labelsValid = objectRule({
  id: 'labels-valid',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata',
  severity: 'error',
  on: 'write',
  why: 'The API server refuses an object with a label of another form, and Argo CD would tell only after the merge.',
  remedy: 'use a key such as example.com/team and, in labels, a value such as checkout-2',
  allowed: [
    { metadata: { labels: { 'example.com/team': 'checkout-2', empty: '' } } },
    { metadata: { annotations: { 'example.com/Note': 'any text, also with blanks' } } },
  ],
  denied: [
    { metadata: { labels: { team: 'two words' } } },
    { metadata: { labels: { 'a/b/c': 'x' } } },
    { metadata: { annotations: { 'two words': 'x' } } },
  ],
  check: ({ metadata }) =>
    wrongLabels(metadata).map(({ path, ...found }) => ({ path: ['metadata', ...path], ...found })),
});
