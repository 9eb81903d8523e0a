import { X509Certificate } from 'node:crypto';
import type * as Authority from './authority.ts';
import type { Pair } from './authority.ts';
import type { Keys } from './keys.ts';
import type { CertificateDecision, CertificatesState, CertificateRequest } from './decide.ts';
import { bundleOf } from './decide.ts';
import type { ReadablePair, StoredCertificates } from './secret.ts';
import { KEYS, readAuthorities } from './secret.ts';

/** Keys of the Secret with their new text; undefined removes one. */
export type SecretDataChange = Readonly<Record<string, string | undefined>>;

/** What new certificates are made with. */
export interface IssueOptions {
  readonly now: Date;
  readonly wanted: CertificateRequest;
  readonly makeKeys: () => Promise<Keys>;
}

const NO_NEXT: SecretDataChange = { [KEYS.nextKey]: undefined, [KEYS.published]: undefined };

const known = (pair: Pair): ReadablePair => ({ ...pair, parsed: new X509Certificate(pair.certificate) });

/** Loaded when certificates are first made: it takes 8 MB, and where all certificates are there it is not needed for weeks. */
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

/** The authority issues the server's certificate and is the only one that issues. */
async function takeOver(
  current: ReadablePair,
  authorities: StoredCertificates['authorities'],
  making: IssueOptions,
): Promise<SecretDataChange> {
  const server = await newServer(current, making);
  const bundle = bundleOf({ current, next: undefined, server, authorities }, making.now);
  return { [KEYS.bundle]: bundle, [KEYS.authorityKey]: current.key, ...serverChange(server), ...NO_NEXT };
}

/** Works out what a step changes in the Secret; nothing when the step does not write it. */
export async function changeOf(
  decision: CertificateDecision,
  { stored, published }: CertificatesState,
  making: IssueOptions,
): Promise<SecretDataChange> {
  const { current, next, authorities } = stored;
  switch (decision.step) {
    case 'create': {
      const authority = await newAuthority(making);
      // Somebody may still be served by authorities that only what is published remembers.
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
