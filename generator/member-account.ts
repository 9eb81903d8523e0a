import type { Model } from './model.ts';

/** Annotation of a Database that an earlier version made: which account its members run under. */
const MEMBER_ACCOUNT = 'db.example.com/member-account';

/**
 * Whose account the members run under: the one of earlier versions; their own while some may still run under the earlier
 * one; or their own alone.
 */
export type MemberAccount = 'earlier' | 'changing over' | 'own';

/**
 * Tells whose account the members of a Database run under. What would restart running members, or close a way that they
 * still use, goes by it: an upgrade of Ballast alone does neither.
 */
export function memberAccountOf({ name, database }: Pick<Model, 'name' | 'database'>): MemberAccount {
  const asked = database.metadata.annotations?.[MEMBER_ACCOUNT];
  if (asked === undefined) return 'own';
  return asked === name ? 'earlier' : 'changing over';
}
