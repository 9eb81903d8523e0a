import { suggest } from '../../database/suggest.ts';
import { OWN_PREFIX, USER_ANNOTATIONS } from '../../database/vocabulary.ts';
import { objectRule } from '../rule.ts';

/** Refuses unknown annotations of Ballast's, which are most likely misspelt. */
export const annotationKnown = objectRule({
  id: 'annotation-known',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'write',
  why: 'What begins with db.example.com/ asks Ballast for something. Nothing reads a name that it does not know, and whoever wrote it waits in vain: for a database to sleep, or for a deletion to be confirmed.',
  remedy: 'take it away, or correct the name; docs/controller.md lists them',
  allowed: [{ metadata: { annotations: { 'example.com/hibernat': 'true', 'db.example.org/x': '' } } }],
  denied: [
    { metadata: { annotations: { 'db.example.com/hibernat': 'true' } } },
    { metadata: { annotations: { 'db.example.com/Apply': 'true' } } },
    { metadata: { annotations: { 'db.example.com/owner': 'me' } } },
  ],
  check: ({ kind, metadata: { annotations = {} } }) => {
    const own = Object.keys(annotations).filter((key) => key.startsWith(OWN_PREFIX));
    if (own.length === 0) return [];
    const known = USER_ANNOTATIONS.filter(({ kinds }) => kinds.includes(kind)).map(({ key }) => key);
    const unknown = own.filter((key) => !known.includes(key));
    return unknown.map((key) => {
      const names = known.map((one) => one.slice(OWN_PREFIX.length));
      const meant = suggest(key.slice(OWN_PREFIX.length), names);
      const remedy = meant === undefined ? {} : { remedy: `did you mean ${OWN_PREFIX}${meant}?` };
      return { path: ['metadata', 'annotations', key], problem: 'must be an annotation that Ballast knows', ...remedy };
    });
  },
});
