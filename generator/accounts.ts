import { MEMBER_ACCOUNT } from '../database/vocabulary.ts';
import type { Database } from '../database/object.ts';
import { names } from './names.ts';

/** The service accounts of a Database's members. */
export interface Accounts {
  /** The account of new pods. */
  readonly pods: string;
  /** All accounts that are rendered with the members' rights; the first is that of new pods. */
  readonly all: readonly string[];
}

/**
 * Up to version 0.1 the account had the Database's name. The annotation keeps that account, or, with the name of the new account, gives
 * it to new pods while running ones keep their rights (docs/upgrading.md).
 */
export function accountsOf({ metadata: { name = '', annotations } }: Pick<Database, 'metadata'>): Accounts {
  const asked = annotations?.[MEMBER_ACCOUNT];
  const own = names.memberAccount(name);
  if (asked === name) return { pods: name, all: [name] };
  return { pods: own, all: asked === own ? [own, name] : [own] };
}

/**
 * The kind of account that the members run under: that of earlier versions; their own while some may still run under the earlier one; or
 * their own alone.
 */
export type MemberAccount = 'earlier' | 'changing over' | 'own';

/**
 * The kind of account that the members of a Database run under. Changes that would restart running members, or close a network path that
 * they still use, depend on it: an upgrade of Ballast alone does neither.
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
