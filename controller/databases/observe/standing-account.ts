import { MEMBER_ACCOUNT } from '../../../database/vocabulary.ts';
import { names } from '../../../generator/names.ts';
import type { DatabaseSeen, MemberPod, Workload } from '../observation.ts';

/** The present service account of the members, when it is that of earlier versions or the new one; else undefined. */
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
 * Renders a Database without an annotation about its members' service account with the present account: a new version of Ballast restarts
 * no member, and no running member loses rights.
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
