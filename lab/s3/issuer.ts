import type { Pair } from '../../certificates/authority.ts';
import { issueServer, makeAuthority } from '../../certificates/authority.ts';
import { makeKeys } from '../../certificates/keys.ts';

const DAY_MS = 86_400_000;

/** Makes the certificates of a store. */
export interface Issuer {
  /** The authority that certificates of the store are of, PEM. */
  readonly authority: string;
  /** Makes a certificate of the same name; of an authority that nobody knows when asked for. */
  readonly issue: (by: 'same authority' | 'another authority') => Promise<Pair>;
}

/** Makes an authority for a store with these host names, the first of which is its own. */
export async function makeIssuer(hosts: readonly [string, ...string[]]): Promise<Issuer> {
  const life = { now: new Date(), lifetimeMs: DAY_MS };
  const make = async (): Promise<Pair> => makeAuthority({ ...life, name: 'store', keys: await makeKeys() });
  const own = await make();
  const issue: Issuer['issue'] = async (by) => {
    const authority = by === 'same authority' ? own : await make();
    return issueServer({ ...life, name: hosts[0], authority, keys: await makeKeys(), hosts: [...hosts] });
  };
  return { authority: own.certificate, issue };
}
