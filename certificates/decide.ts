import type { X509Certificate } from 'node:crypto';
import type { ReadablePair, StoredCertificates } from './secret.ts';
import { covers, isTrusted, readAuthorities } from './secret.ts';

/** Lifetimes, in milliseconds. A third of an authority's life must be much longer than the propagation. */
export interface Lifetimes {
  readonly authorityMs: number;
  readonly serverMs: number;
  /** Time after the publication of a bundle by which every client is assumed to trust it. */
  readonly propagationMs: number;
  /** Additional wait of the next authority, for clients that keep a copy of the bundle; skipped when no other authority can issue. */
  readonly noticeMs?: number;
}

/** Names in the certificates. */
export interface Subject {
  /** Prefix of an authority's common name, at most 51 characters. */
  readonly authority: string;
  /** The common name of the server, at most 64 characters. */
  readonly server: string;
  /** Whether the server also uses its certificate as a client. */
  readonly isClient?: boolean;
}

/** Requirements of a certificate. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly hosts: readonly string[];
  readonly lifetimes: Lifetimes;
}

/** The observation of one pass. */
export interface CertificatesState {
  readonly stored: StoredCertificates;
  /** The published bundles that clients read, PEM. */
  readonly published: readonly string[];
}

/** The single next step. */
export type CertificateDecision =
  /** No certificate is usable: make an authority and a server's certificate. */
  | { readonly step: 'create' }
  /** Issue the server's certificate again, from the current authority. */
  | { readonly step: 'renew' }
  /** Write this bundle: an authority expired, or the bundle was damaged. */
  | { readonly step: 'tidy'; readonly bundle: string }
  /** Make the next authority and add it to the bundle, without issuing from it yet. */
  | { readonly step: 'stage' }
  /** Publish the bundle where clients read it. */
  | { readonly step: 'publish' }
  /** Record since when the next authority is published; undefined when it is no longer published. */
  | { readonly step: 'mark'; readonly published: Date | undefined }
  /** The next authority becomes the current one and issues the server's certificate. */
  | { readonly step: 'promote' }
  /** All is well until later. */
  | { readonly step: 'wait' };

/**
 * Maximum number of authorities in the bundle that are neither current nor next; bounds the bundle when the Secret is emptied again and
 * again.
 */
const MOST_OTHERS = 4;

function isAlive({ validToDate }: X509Certificate, now: Date): boolean {
  return validToDate > now;
}

function isPastTwoThirds({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  return now.getTime() >= from + ((to - from) * 2) / 3;
}

/** Whether the pair in the Secret is valid now, covers all names, and is signed by an authority of the bundle. */
function isUsable({ server, authorities }: StoredCertificates, now: Date, hosts: readonly string[]): boolean {
  if (!server || !isAlive(server.parsed, now) || server.parsed.validFromDate > now) return false;
  return covers(server.parsed, hosts) && isTrusted(server.parsed, authorities, now);
}

/** Whether a newly issued certificate would outlive the present one. */
function gains(
  { parsed: authority }: ReadablePair,
  { parsed: server }: ReadablePair,
  now: Date,
  lifetimeMs: number,
): boolean {
  const end = Math.min(now.getTime() + lifetimeMs, authority.validToDate.getTime());
  return isAlive(authority, now) && end > server.validToDate.getTime();
}

/**
 * The wanted bundle: the current authority, the next, the issuer of the server's certificate, then other valid authorities, the youngest
 * first. An authority leaves the bundle only when it expires, because a server may still use a certificate of it.
 */
export function bundleOf(
  { current, next, server, authorities }: Omit<StoredCertificates, 'bundle' | 'published'>,
  now: Date,
): string {
  const alive = authorities.filter((one) => isAlive(one, now));
  const others = alive.toSorted((one, other) => other.validToDate.getTime() - one.validToDate.getTime()).map(String);
  const issuers = alive.filter((one) => server?.parsed.checkIssued(one)).map(String);
  const first = [current?.parsed, next?.parsed].filter((one) => one && isAlive(one, now)).map(String);
  const needed = [...new Set([...first, ...issuers])];
  return [...needed, ...others.filter((one) => !needed.includes(one)).slice(0, MOST_OTHERS)].join('');
}

/** Milliseconds that the next authority waits before it takes over. */
function waitOf({ propagationMs, noticeMs = 0 }: Lifetimes, current: ReadablePair | undefined): number {
  return current ? propagationMs + noticeMs : propagationMs;
}

/** Decides when a published next authority takes over. */
function handOver(published: Date | undefined, now: Date, waitMs: number): CertificateDecision {
  // A date in the future comes from a fast clock or from an edit by hand.
  if (!published || published > now) return { step: 'mark', published: now };
  return now.getTime() - published.getTime() >= waitMs ? { step: 'promote' } : { step: 'wait' };
}

/** Chooses the single next step. Pure: the same observation gives the same decision. */
export function decide(
  { stored, published }: CertificatesState,
  now: Date,
  { hosts, lifetimes }: Omit<CertificateRequest, 'subject'>,
): CertificateDecision {
  const { server } = stored;
  const [current, next] = [stored.current, stored.next].map((one) =>
    one && isAlive(one.parsed, now) ? one : undefined,
  );
  if (!server || !isUsable(stored, now, hosts)) {
    // No usable certificate exists that a wait would protect.
    return { step: current ? 'renew' : next ? 'promote' : 'create' };
  }
  if (current && isPastTwoThirds(server.parsed, now) && gains(current, server, now, lifetimes.serverMs)) {
    return { step: 'renew' };
  }
  const bundle = bundleOf(stored, now);
  if (bundle !== stored.bundle) return { step: 'tidy', bundle };
  if (published.some((one) => one !== bundle)) {
    // A client whose bundle was changed needs the new bundle, and the full wait again.
    return stored.published ? { step: 'mark', published: undefined } : { step: 'publish' };
  }
  if (next) return handOver(stored.published, now, waitOf(lifetimes, current));
  return { step: !current || isPastTwoThirds(current.parsed, now) ? 'stage' : 'wait' };
}

/** Whether the pair in the Secret may be served now: every published bundle trusts it. */
export function isServable({ stored, published }: CertificatesState, now: Date, hosts: readonly string[]): boolean {
  if (!stored.server || !isUsable(stored, now, hosts)) return false;
  const { parsed } = stored.server;
  return published.every((bundle) => isTrusted(parsed, readAuthorities(bundle), now));
}
