import { X509Certificate } from 'node:crypto';
import type * as Authority from './authority.ts';
import type { Pair } from './authority.ts';
import type { Keys } from './keys.ts';
import type { CertificateDecision, CertificatesState, CertificateRequest } from './decide.ts';
import { bundleOf } from './decide.ts';
import type { ReadablePair, StoredCertificates } from './secret.ts';
import { KEYS, readAuthorities } from './secret.ts';

/** Keys of the Secret with their new text; undefined removes a key. */
export type SecretDataChange = Readonly<Record<string, string | undefined>>;

/** Inputs of new certificates. */
export interface IssueOptions {
  readonly now: Date;
  readonly wanted: CertificateRequest;
  readonly makeKeys: () => Promise<Keys>;
}

const NO_NEXT: SecretDataChange = { [KEYS.nextKey]: undefined, [KEYS.published]: undefined };

const known = (pair: Pair): ReadablePair => ({ ...pair, parsed: new X509Certificate(pair.certificate) });

/** Loads forge only when a certificate is made: the module takes 8 MB, and a process with valid certificates does not need it for weeks. */
const loadAuthority = (): Promise<typeof Authority> => import('./authority.ts');

async function newAuthority({ now, wanted, makeKeys }: IssueOptions): Promise<ReadablePair> {
  const { subject, lifetimes } = wanted;
  const [{ makeAuthority }, keys] = await Promise.all([loadAuthority(), makeKeys()]);
  return known(makeAuthority({ name: subject.authority, keys, now, lifetimeMs: lifetimes.authorityMs }));
}

async function newServer(authority: Pair, { now, wanted, makeKeys }: IssueOptions): Promise<ReadablePair> {
  const { subject, hosts, lifetimes } = wanted;
  const { server: name, isClient = false } = subject;
  const [{ issueServer }, keys] = await Promise.all([loadAuthority(), makeKeys()]);
  return known(issueServer({ name, isClient, authority, keys, hosts, now, lifetimeMs: lifetimes.serverMs }));
}

const serverChange = ({ certificate, key }: Pair): SecretDataChange => ({
  [KEYS.certificate]: certificate,
  [KEYS.key]: key,
});

/** Makes the authority the only one that issues, and issues the server's certificate from it. */
async function takeOver(
  current: ReadablePair,
  authorities: StoredCertificates['authorities'],
  making: IssueOptions,
): Promise<SecretDataChange> {
  const server = await newServer(current, making);
  const bundle = bundleOf({ current, next: undefined, server, authorities }, making.now);
  return { [KEYS.bundle]: bundle, [KEYS.authorityKey]: current.key, ...serverChange(server), ...NO_NEXT };
}

/** The change of the Secret that a step makes; empty when the step does not write the Secret. */
export async function changeOf(
  decision: CertificateDecision,
  { stored, published }: CertificatesState,
  making: IssueOptions,
): Promise<SecretDataChange> {
  const { current, next, authorities } = stored;
  switch (decision.step) {
    case 'create': {
      const authority = await newAuthority(making);
      // A server may still use a certificate of an authority that only the published bundles contain.
      const remembered = readAuthorities([...new Set(published)].join(''));
      return takeOver(authority, [...authorities, ...remembered], making);
    }
    case 'promote':
      return next ? takeOver(next, authorities, making) : {};
    case 'renew':
      return current ? serverChange(await newServer(current, making)) : {};
    case 'stage': {
      const added = await newAuthority(making);
      const bundle = bundleOf({ ...stored, next: added }, making.now);
      return { ...NO_NEXT, [KEYS.bundle]: bundle, [KEYS.nextKey]: added.key };
    }
    case 'tidy':
      return { [KEYS.bundle]: decision.bundle };
    case 'mark':
      return { [KEYS.published]: decision.published?.toISOString() };
    case 'publish':
    case 'wait':
      return {};
  }
}
