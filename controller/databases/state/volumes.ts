import { quantityOf } from '../../../database/resolve.ts';
import { canonicalQuantity, wholeValue } from '../../../database/values/quantity.ts';
import type { Claim, Observation } from '../observation.ts';
import { wantedMembers } from './database.ts';
import { adopts } from './ownership.ts';

const NANO = 1_000_000_000n;

/** Wanted bytes of each volume; undefined when the spec is invalid there. */
export function wantedBytes({ own }: Pick<Observation, 'own'>): bigint | undefined {
  const size = quantityOf(own.database.spec.storage.size);
  return size && wholeValue(size);
}

/** Bytes of the largest volume, present or requested, also of departed members; 0 while there is none. */
export function largestBytes({ claims }: Pick<Observation, 'claims'>): bigint {
  const sizes = claims.flatMap(({ requested, capacity = 0n }) => [requested, capacity]);
  return sizes.reduce((most, size) => (size > most ? size : most), 0n);
}

/** Bytes that the largest claim asks for, also of departed members; 0 while there is none. */
export function largestRequest({ claims }: Pick<Observation, 'claims'>): bigint {
  return claims.reduce((most, { requested }) => (requested > most ? requested : most), 0n);
}

/** Bytes as a quantity, such as `10Gi`. */
export function sizeText(bytes: bigint): string {
  return canonicalQuantity({ nano: bytes * NANO, format: 'BinarySI' });
}

/** Whether the data on a claim belong to another Database, without permission to adopt them. */
export function isForeign(seen: Pick<Observation, 'own'>, { owner }: Claim): boolean {
  return owner !== undefined && owner !== seen.own.uid && !adopts(seen);
}

/** Claims of wanted members with data of another Database: no member may start on them. */
export function foreignClaims(seen: Observation): Claim[] {
  const wanted = Math.max(wantedMembers(seen), 1);
  return seen.claims.filter((claim) => claim.ordinal < wanted && isForeign(seen, claim));
}
