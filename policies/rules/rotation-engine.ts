import { ENGINES } from '../../database/engines/index.ts';
import { ROTATE, ROTATE_SYSTEM } from '../../database/vocabulary.ts';
import { objectRule } from '../rule.ts';

/** Refuses password rotation for engines other than PostgreSQL. */
export const rotationEngine = objectRule({
  id: 'rotation-engine',
  kinds: ['Database'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'write',
  why: 'MySQL and MongoDB read their passwords at the first start only; who asks for a rotation must not believe that it was done.',
  remedy: 'take the annotation away; to change a password, set it in the server and then in the Secret',
  allowed: [
    { metadata: { annotations: { [ROTATE]: '2026-11-21', [ROTATE_SYSTEM]: '2026-11-21' } } },
    { metadata: { annotations: { [ROTATE]: '' } }, spec: { engine: 'mysql', version: '8.4' } },
  ],
  denied: [
    { metadata: { annotations: { [ROTATE]: '2026-11-21' } }, spec: { engine: 'mysql', version: '8.4' } },
    { metadata: { annotations: { [ROTATE_SYSTEM]: '2026-11-21' } }, spec: { engine: 'mongodb', version: '8.0' } },
  ],
  check: ({ metadata: { annotations = {} }, spec }) => {
    const { engine } = spec;
    if (ENGINES[engine].can.setsPasswords) return [];
    return [ROTATE, ROTATE_SYSTEM]
      .filter((key) => annotations[key])
      .map((key) => ({
        path: ['metadata', 'annotations', key],
        problem: `must not be set: passwords of ${ENGINES[engine].title} cannot be rotated yet`,
      }));
  },
});
