import { APPLY, HIBERNATE, USER_ANNOTATIONS } from '../../database/vocabulary.ts';
import { objectRule } from '../rule.ts';

/** Requires a value that the annotation can have. */
export const annotationValue = objectRule({
  id: 'annotation-value',
  kinds: ['Database'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'write',
  why: 'Another value than those that an annotation can have is passed over without a word: a Database with hibernate: yes goes on running.',
  remedy: 'write one of the values, in quotes where YAML would read something else',
  allowed: [
    { metadata: { annotations: { [HIBERNATE]: 'false', [APPLY]: 'adopt' } } },
    { metadata: { annotations: { 'db.example.com/switchover': 'orders-2@monday' } } },
    { metadata: { annotations: { 'db.example.com/switchover': '' } } },
  ],
  denied: [
    { metadata: { annotations: { [HIBERNATE]: 'yes' } } },
    { metadata: { annotations: { [HIBERNATE]: 'True' } } },
    { metadata: { annotations: { [APPLY]: '' } } },
    { metadata: { annotations: { 'db.example.com/switchover': 'the second' } } },
  ],
  check: ({ kind, metadata: { annotations = {} } }) =>
    USER_ANNOTATIONS.flatMap(({ key, kinds, form, value: values }) => {
      const value = annotations[key];
      if (value === undefined || !form || form.test(value) || !kinds.includes(kind)) return [];
      return [{ path: ['metadata', 'annotations', key], value, problem: `must be ${values.replaceAll('`', '')}` }];
    }),
});
