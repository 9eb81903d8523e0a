import type { X509Certificate } from 'node:crypto';
import type { ReadablePair, StoredCertificates } from './secret.ts';
import { covers, isTrusted, readAuthorities } from './secret.ts';

/** How long things live, in milliseconds. A third of an authority's life must be much longer than the propagation. */
export interface Lifetimes {
  readonly authorityMs: number;
  readonly serverMs: number;
  /** How long after the bundle was published everybody it is published to is held to know it. */
  readonly propagationMs: number;
  /** How much longer the next authority waits, for clients that keep a copy; not when nothing can be issued otherwise. */
  readonly noticeMs?: number;
}

/** What stands in the certificates. */
export interface Subject {
  /** The beginning of the common name of an authority, at most 51 characters. */
  readonly authority: string;
  /** The common name of the server, at most 64 characters. */
  readonly server: string;
  /** Whether the server also shows its certificate where it is a client itself. */
  readonly isClient?: boolean;
}

/** What a certificate is wanted for. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly hosts: readonly string[];
  readonly lifetimes: Lifetimes;
}

/** What was seen in one pass. */
export interface CertificatesState {
  readonly stored: StoredCertificates;
  /** The bundles as those find them who have to trust the server, PEM. */
  readonly published: readonly string[];
}

/** The single next step. */
export type CertificateDecision =
  /** Nothing can be used: make an authority and a server's certificate. */
  | { readonly step: 'create' }
  /** Issue the server's certificate again, from the current authority. */
  | { readonly step: 'renew' }
  /** Write this bundle: authorities expired, or it was damaged. */
  | { readonly step: 'tidy'; readonly bundle: string }
  /** Make the next authority and add it to the bundle; nothing is issued from it yet. */
  | { readonly step: 'stage' }
  /** Put the bundle where those find it who have to trust the server. */
  | { readonly step: 'publish' }
  /** Note since when the next authority is published; undefined when it is not any more. */
  | { readonly step: 'mark'; readonly published: Date | undefined }
  /** The next authority becomes the current one and issues the server's certificate. */
  | { readonly step: 'promote' }
  /** All is well until later. */
  | { readonly step: 'wait' };

/** Of authorities that are neither current nor next, as many stay in the bundle: a bound, should somebody empty the Secret daily. */
const MOST_OTHERS = 4;

function isAlive({ validToDate }: X509Certificate, now: Date): boolean {
  return validToDate > now;
}

function isPastTwoThirds({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  return now.getTime() >= from + ((to - from) * 2) / 3;
}

/** Whether the pair in the Secret could be served: in its time, with all names, and signed by who is in the bundle. */
function isUsable({ server, authorities }: StoredCertificates, now: Date, hosts: readonly string[]): boolean {
  if (!server || !isAlive(server.parsed, now) || server.parsed.validFromDate > now) return false;
  return covers(server.parsed, hosts) && isTrusted(server.parsed, authorities, now);
}

/** Whether a certificate that is issued now would live longer than the one that is there. */
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
 * The bundle as it should be: the current authority, the next, who signed the server's certificate, then of the others
 * those that still live, the youngest first. One leaves it only when it expires: somebody may still be served by it.
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

/** How long the next authority waits before it takes over. */
function waitOf({ propagationMs, noticeMs = 0 }: Lifetimes, current: ReadablePair | undefined): number {
  return current ? propagationMs + noticeMs : propagationMs;
}

/** What to do about a next authority that is published everywhere. */
function handOver(published: Date | undefined, now: Date, waitMs: number): CertificateDecision {
  // A date to come was written by a clock that is ahead, or by hand.
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
    // There is nothing to overlap with: waiting would help nobody.
    return { step: current ? 'renew' : next ? 'promote' : 'create' };
  }
  if (current && isPastTwoThirds(server.parsed, now) && gains(current, server, now, lifetimes.serverMs)) {
    return { step: 'renew' };
  }
  const bundle = bundleOf(stored, now);
  if (bundle !== stored.bundle) return { step: 'tidy', bundle };
  if (published.some((one) => one !== bundle)) {
    // Who was not told any more has to be told anew, and given the time again.
    return stored.published ? { step: 'mark', published: undefined } : { step: 'publish' };
  }
  if (next) return handOver(stored.published, now, waitOf(lifetimes, current));
  return { step: !current || isPastTwoThirds(current.parsed, now) ? 'stage' : 'wait' };
}

/** Whether the pair in the Secret may be served now: it is trusted by every bundle that is published. */
export function isServable({ stored, published }: CertificatesState, now: Date, hosts: readonly string[]): boolean {
  if (!stored.server || !isUsable(stored, now, hosts)) return false;
  const { parsed } = stored.server;
  return published.every((bundle) => isTrusted(parsed, readAuthorities(bundle), now));
}
