import { MEMBER_ACCOUNT } from '../database/vocabulary.ts';
import type { Database } from '../database/object.ts';
import { names } from './names.ts';

/** The accounts of a Database's members. */
export interface Accounts {
  /** The one that pods are made with. */
  readonly pods: string;
  /** All that are made and have the members' rights; the first is that of the pods. */
  readonly all: readonly string[];
}

/**
 * Up to version 0.1 the account was named like the Database. The annotation keeps it so, or, with the name of the new
 * account, gives new pods that one while those that still run keep their rights (docs/upgrading.md).
 */
export function accountsOf({ metadata: { name = '', annotations } }: Pick<Database, 'metadata'>): Accounts {
  const asked = annotations?.[MEMBER_ACCOUNT];
  const own = names.memberAccount(name);
  if (asked === name) return { pods: name, all: [name] };
  return { pods: own, all: asked === own ? [own, name] : [own] };
}

/**
 * Whose account the members run under: the one of earlier versions; their own while some may still run under the earlier
 * one; or their own alone.
 */
export type MemberAccount = 'earlier' | 'changing over' | 'own';

/**
 * Tells whose account the members of a Database run under. What would restart running members, or close a way that they
 * still use, goes by it: an upgrade of Ballast alone does neither.
 */
export function memberAccountOf({
  name,
  accounts,
}: {
  readonly name: string;
  readonly accounts: Accounts;
}): MemberAccount {
  if (accounts.pods === name) return 'earlier';
  return accounts.all.length > 1 ? 'changing over' : 'own';
}
