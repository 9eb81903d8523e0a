import { MEMBER_ACCOUNT } from '../../database/vocabulary.ts';
import { objectRule } from '../rule.ts';

/** The prefix of a member's service account; an admission policy recognises members by it (installation/admission/member.ts). */
export const MEMBER_ACCOUNT_PREFIX = 'ballast-member-';

/** The account of pods that name none. */
export const DEFAULT_ACCOUNT = 'default';

const why =
  'Up to version 0.1 the members ran under an account named like the Database, which may be somebody else’s. The ' +
  'annotation keeps that account until the members have restarted under one of their own; it names no other.';

/** Requires the members' own service account, or that of an earlier version. */
export const memberAccount = objectRule({
  id: 'member-account',
  kinds: ['Database'],
  path: 'metadata.annotations',
  severity: 'error',
  on: 'write',
  why,
  remedy:
    'write the name of the Database to keep the account of an earlier version, ballast-member- and that name to change over, or take the annotation away',
  allowed: [
    { metadata: { name: 'orders' } },
    { metadata: { name: 'orders', annotations: { [MEMBER_ACCOUNT]: 'orders' } } },
    { metadata: { name: 'orders', annotations: { [MEMBER_ACCOUNT]: 'ballast-member-orders' } } },
  ],
  denied: [
    { metadata: { name: 'orders', annotations: { [MEMBER_ACCOUNT]: 'billing' } } },
    { metadata: { name: 'orders', annotations: { [MEMBER_ACCOUNT]: 'ballast-member-billing' } } },
    { metadata: { name: 'orders', annotations: { [MEMBER_ACCOUNT]: '' } } },
  ],
  check: ({ metadata: { name, annotations } }) => {
    const value = annotations?.[MEMBER_ACCOUNT];
    if (value === undefined || name === undefined || value === `${MEMBER_ACCOUNT_PREFIX}${name}`) return [];
    const path = ['metadata', 'annotations', MEMBER_ACCOUNT];
    if (value !== name) {
      const problem = `must be the name of the Database, or ${MEMBER_ACCOUNT_PREFIX}${name}`;
      return [{ path, value, problem }];
    }
    if (name !== DEFAULT_ACCOUNT) return [];
    const remedy = `write ${MEMBER_ACCOUNT_PREFIX}${name}: the members change over to an account of their own`;
    return [{ path, value, problem: 'must not be the account of every pod that names none', remedy }];
  },
});
