import { objectRule } from '../rule.ts';

/** Warns that one of the four kinds is stored without effect. */
export const kindNotYet = objectRule({
  id: 'kind-not-yet',
  kinds: ['DatabaseUser'],
  path: 'kind',
  severity: 'warning',
  on: 'write',
  why: 'The API server stores these objects, but no program of this version acts on them: no user is created.',
  remedy: 'do by other means what it asks for; it has no effect before a later version reads it',
  allowed: [],
  denied: [{}],
  check: ({ kind }) => [{ problem: `nothing acts on a ${kind} yet` }],
});
