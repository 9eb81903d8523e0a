import { below, wrongAnnotations } from '../labels.ts';
import { objectRule } from '../rule.ts';

/** Requires annotations that the API server accepts. */
export const annotationsValid = objectRule({
  id: 'annotations-valid',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'write',
  why: 'The API server refuses an object with an annotation of another form, and Argo CD would tell only after the merge.',
  remedy: 'use a key such as example.com/note',
  allowed: [{ metadata: { annotations: { 'example.com/Note': 'any text, also with blanks' } } }],
  denied: [{ metadata: { annotations: { 'two words': 'x' } } }, { metadata: { annotations: { '-/x': 'x' } } }],
  check: ({ metadata }) => below(['metadata', 'annotations'], wrongAnnotations(metadata.annotations)),
});
