import { MEMBER_ACCOUNT } from '../../../database/vocabulary.ts';
import { names } from '../../../generator/names.ts';
import type { DatabaseSeen, MemberPod, Workload } from '../observation.ts';

/** The account of earlier versions, or the new one beside it, where that is what members run under; else undefined. */
function standingAccount(
  name: string,
  workload: Pick<Workload, 'account'> | undefined,
  pods: readonly Pick<MemberPod, 'account'>[],
): string | undefined {
  const isOld = (account: string | undefined): boolean => account === name;
  const someOld = pods.some(({ account }) => isOld(account));
  if (workload && !isOld(workload.account)) return someOld ? names.memberAccount(name) : undefined;
  return workload || someOld ? name : undefined;
}

/**
 * A Database whose annotation says nothing about the account of its members is rendered with the one that they have: a new
 * version of Ballast restarts nobody, and nobody who still runs loses rights.
 */
export function withStandingAccount(
  own: DatabaseSeen,
  { workload, pods }: { readonly workload?: Workload; readonly pods: readonly MemberPod[] },
): DatabaseSeen {
  const { database, annotations } = own;
  const { metadata } = database;
  if (annotations[MEMBER_ACCOUNT] !== undefined) return own;
  const account = standingAccount(metadata.name ?? '', workload, pods);
  if (account === undefined) return own;
  const known = { [MEMBER_ACCOUNT]: account };
  return {
    ...own,
    annotations: { ...annotations, ...known },
    database: { ...database, metadata: { ...metadata, annotations: { ...metadata.annotations, ...known } } },
  };
}
