import type { DatabaseStatus } from '../../../database/types.ts';
import type { Claim, Observation } from '../observation.ts';
import { wantedMembers } from '../state/database.ts';
import { largestBytes, largestRequest, sizeText, wantedBytes } from '../state/volumes.ts';
import type { ConditionValue } from './conditions.ts';

/** The growth of the volumes under way; undefined when there is none. */
export interface Growth {
  readonly is: 'under way' | 'impossible';
  readonly message: string;
}

function count(some: number, all: number): string {
  return `${some} of ${all} ${all === 1 ? 'volume has' : 'volumes have'}`;
}

function hasGrown({ requested, capacity }: Claim, wanted: bigint): boolean {
  return requested >= wanted && (capacity === undefined || capacity >= wanted);
}

/** Why a claim does not grow, in the words of the resizer. */
function hitchOf(claims: readonly Claim[]): string {
  const said = claims.flatMap(({ name, conditions }) =>
    [...conditions].map(([type, message]) => `${name}: ${message === '' ? type : message}`),
  );
  return said.length > 0 ? `; ${said.join('; ')}` : '';
}

function remediesOf(seen: Observation, { storageClassName = '' }: Claim, wanted: bigint): string {
  const largest = largestBytes(seen);
  const back = largest < wanted ? `go back to ${sizeText(largest)}, ` : '';
  return `StorageClass ${storageClassName} does not allow volumes to grow; allow it (allowVolumeExpansion: true), ${back}or restore a backup into a new Database of another class`;
}

/** Compares the volumes with the requested size. */
export function growthOf(seen: Observation): Growth | undefined {
  const wanted = wantedBytes(seen);
  const claims = seen.claims.filter(({ ordinal }) => ordinal < wantedMembers(seen));
  const small = wanted === undefined ? [] : claims.filter((claim) => !hasGrown(claim, wanted));
  if (wanted === undefined || small.length === 0 || seen.problems.length > 0) return undefined;
  const size = String(seen.own.database.spec.storage.size);
  const progress = `${count(claims.length - small.length, claims.length)} grown to ${size}`;
  const stuck = small.find(({ requested }) => requested < wanted);
  if (stuck && seen.storageClass?.expandable === false) {
    return { is: 'impossible', message: `${progress}: ${remediesOf(seen, stuck, wanted)}` };
  }
  return { is: 'under way', message: `${progress}${hitchOf(small)}` };
}

/** What rules about changes of the storage need to know of the volumes; nothing while there are none. */
export function volumesOf(
  seen: Observation,
): Pick<DatabaseStatus, 'largestVolume' | 'largestClaim' | 'volumesCanGrow'> {
  const [largest, requested] = [largestBytes(seen), largestRequest(seen)];
  return {
    ...(largest > 0n && { largestVolume: sizeText(largest) }),
    ...(requested > 0n && { largestClaim: sizeText(requested) }),
    ...(largest > 0n && seen.storageClass && { volumesCanGrow: seen.storageClass.expandable }),
  };
}

/** StorageReady: whether every volume has the requested size. */
export function storageReady(seen: Observation): ConditionValue {
  if (seen.claims.length === 0) return { status: 'Unknown', reason: 'NoVolumes', message: 'there are no volumes yet' };
  const growth = growthOf(seen);
  if (!growth) return { status: 'True', reason: 'AsAsked', message: 'every volume is at least as large as asked for' };
  const reason = growth.is === 'impossible' ? 'CannotGrow' : 'Growing';
  return { status: 'False', reason, message: growth.message };
}
