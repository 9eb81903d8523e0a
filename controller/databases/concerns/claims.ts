import { wantedMembers } from '../state/database.ts';
import { isForeign, sizeText, wantedBytes } from '../state/volumes.ts';
import { isHealthy } from '../state/members.ts';
import type { Claim, Observation } from '../observation.ts';
import { UNREADABLE } from '../observation.ts';
import type { Choice, Do } from './concern.ts';
import { firstOf } from './concern.ts';

/** The system identifier of the data on a claim; known once its member leads or follows. */
function identifierFor(seen: Observation, { ordinal, systemIdentifier }: Claim): string | undefined {
  if (systemIdentifier !== undefined) return undefined;
  const pod = seen.pods.find((one) => one.ordinal === ordinal);
  const identifier = seen.control.dataIdentifier(seen);
  return pod && isHealthy(seen, pod) && identifier !== UNREADABLE ? identifier : undefined;
}

/** Marks each claim with its owner, so that no later Database of the same name takes the data for its own. */
export function markClaims(seen: Observation): Choice | undefined {
  const unmarked = seen.claims.flatMap((claim): Do[] => {
    if (claim.deleting || isForeign(seen, claim)) return [];
    const systemIdentifier = identifierFor(seen, claim);
    if (claim.owner === seen.own.uid && systemIdentifier === undefined) return [];
    const adopted = claim.owner !== undefined && claim.owner !== seen.own.uid;
    return [
      {
        step: { do: 'mark-claim', claim: claim.name, ...(systemIdentifier !== undefined && { systemIdentifier }) },
        because: adopted ? `${claim.name} is taken over` : `${claim.name} does not say yet whose data it holds`,
      },
    ];
  });
  return firstOf(seen, unmarked);
}

/**
 * GitOps mode: grows each volume that is smaller than asked for. A sync that leaves the sizes of existing claims alone, so that a volume which
 * somebody has grown further breaks nothing, does not grow them.
 */
export function growClaims(seen: Observation): Choice | undefined {
  const wanted = wantedBytes(seen);
  if (seen.rendered || wanted === undefined || seen.storageClass?.expandable === false) return undefined;
  const small = seen.claims.filter(
    (claim) => claim.ordinal < wantedMembers(seen) && !claim.deleting && claim.requested < wanted,
  );
  return firstOf(
    seen,
    small.map(({ name }) => ({
      step: { do: 'grow-claim', claim: name, storage: sizeText(wanted) },
      because: `${name} is smaller than asked for`,
    })),
  );
}
