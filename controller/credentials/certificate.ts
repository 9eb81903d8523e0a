import { ENGINES } from '../../database/engines/index.ts';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { Keys } from '../../certificates/keys.ts';
import type { SecretDataChange } from '../../certificates/issue.ts';
import { changeOf } from '../../certificates/issue.ts';
import type {
  CertificateDecision,
  Lifetimes,
  CertificatesState,
  CertificateRequest,
} from '../../certificates/decide.ts';
import { bundleOf, decide } from '../../certificates/decide.ts';
import type { Data, StoredCertificates } from '../../certificates/secret.ts';
import { KEYS, isForClients, readAuthorities, readStored } from '../../certificates/secret.ts';
import { names } from '../../generator/names.ts';
import { Confidential } from './confidential.ts';
import type { CertificateTarget } from './hosts.ts';
import { wantedOf } from './hosts.ts';
import type { NewSecret, SecretWrite, SecretContents } from './secret.ts';

/** The two Secrets; undefined where absent. */
export interface CertificateState {
  /** NAME-ca: the authority and its key, which no pod mounts. */
  readonly authority: SecretContents | undefined;
  /** NAME-tls: what the members mount. */
  readonly pair: SecretContents | undefined;
}

/** Inputs of a pass. */
export interface CertificateOptions {
  readonly target: CertificateTarget;
  readonly now: Date;
  readonly makeKeys: () => Promise<Keys>;
  readonly lifetimes?: Lifetimes;
}

/** The next write about certificates. */
export type CertificateStep =
  | { readonly step: Exclude<CertificateDecision['step'], 'wait'>; readonly write: SecretWrite }
  /** Only a user can resolve the problem. */
  | { readonly step: 'stuck'; readonly problem: string; readonly remedy: string }
  /** Nothing to do until this time, at the latest. */
  | { readonly step: 'wait'; readonly until: Date };

const LONGEST_WAIT_MS = 86_400_000;
/** MongoDB reads certificate and key from one file. */
const BOTH = 'tls.pem';
const AUTHORITY_KEYS: readonly string[] = [KEYS.bundle, KEYS.authorityKey, KEYS.nextKey, KEYS.published];
const PAIR_KEYS: readonly string[] = [KEYS.bundle, KEYS.certificate, KEYS.key, BOTH];

function revealed(secret: SecretContents | undefined, keys: readonly string[]): Data {
  const entries = Object.entries(secret?.data ?? {}).filter(([key]) => keys.includes(key));
  return Object.fromEntries(entries.map(([key, text]) => [key, text.reveal()]));
}

/** The certificates in both Secrets together. When the authority is lost, the members' Secret still holds the trusted bundle. */
function storedOf(authority: Data, pair: Data, isOurs: boolean, now: Date): StoredCertificates {
  const own = authority[KEYS.bundle] ?? '';
  const remembered = readAuthorities(own).length > 0 ? own : (pair[KEYS.bundle] ?? '');
  const { [KEYS.certificate]: certificate = '', [KEYS.key]: key = '' } = pair;
  const stored = readStored({
    ...authority,
    [KEYS.bundle]: remembered,
    [KEYS.certificate]: certificate,
    [KEYS.key]: key,
  });
  // A bundle from another tool keeps its PEM layout.
  return { ...stored, bundle: isOurs ? own : bundleOf(stored, now) };
}

/** The bundle in the members' Secret; empty when a part of that Secret does not fit the others. */
function publishedOf(pair: Data, { engine }: CertificateTarget): string {
  const isWhole =
    !ENGINES[engine].certificate.inOneFile || pair[BOTH] === `${pair[KEYS.certificate] ?? ''}${pair[KEYS.key] ?? ''}`;
  return isWhole ? (pair[KEYS.bundle] ?? '') : '';
}

/** A write of these keys; undefined removes a key. */
function writeOf(
  there: SecretContents | undefined,
  secret: Pick<NewSecret, 'name' | 'type'>,
  change: SecretDataChange,
): SecretWrite {
  const data = Object.entries(change).map(([key, text]) => [key, text === undefined ? text : new Confidential(text)]);
  if (there) {
    const { resourceVersion } = there;
    return {
      verb: 'patch',
      resourceVersion,
      change: { name: secret.name, data: Object.fromEntries(data) as SecretContents['data'] },
    };
  }
  const present = data.filter(([, text]) => text !== undefined);
  return { verb: 'create', secret: { ...secret, data: Object.fromEntries(present) as SecretContents['data'] } };
}

/** Everything that members mount, in one write. */
function pairChange(bundle: string, pair: Data, { engine }: CertificateTarget): SecretDataChange {
  const { [KEYS.certificate]: certificate = '', [KEYS.key]: key = '' } = pair;
  const both = ENGINES[engine].certificate.inOneFile ? { [BOTH]: certificate + key } : {};
  return { [KEYS.bundle]: bundle, [KEYS.certificate]: certificate, [KEYS.key]: key, ...both };
}

const twoThirds = ({ validFromDate, validToDate }: X509Certificate): number =>
  validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3;

/** When to look again: when a renewal is due, but soon enough to notice edits by a user. */
function nextLook(
  { server, current, published }: StoredCertificates,
  { propagationMs, noticeMs = 0 }: Lifetimes,
  now: Date,
): Date {
  const certificates = [server, current].flatMap((one) => (one ? [twoThirds(one.parsed)] : []));
  const handOver = published ? [published.getTime() + propagationMs + (current ? noticeMs : 0)] : [];
  const ahead = [...certificates, ...handOver].filter((time) => time > now.getTime());
  return new Date(Math.min(now.getTime() + LONGEST_WAIT_MS, ...ahead));
}

/** The problem of a user-supplied authority without its key, for a step that needs the key. */
function foreignAuthority(
  step: CertificateDecision['step'],
  { current }: StoredCertificates,
  name: string,
): CertificateStep | undefined {
  const which = `the Secret ${names.authoritySecret(name)} was made by somebody else`;
  if (current && createPrivateKey(current.key).asymmetricKeyType !== 'rsa') {
    return { step: 'stuck', problem: `${which} and its key is not an RSA key`, remedy: 'bring one with an RSA key' };
  }
  if (step === 'renew' || step === 'publish') return undefined;
  const problem = `${which} and its authority is missing, damaged, or past two thirds of its life`;
  return { step: 'stuck', problem, remedy: 'add the next one to ca.crt, and later replace ca.key' };
}

/**
 * The change of the members' Secret. Publishing a bundle reissues the certificate where possible: Patroni 4.1 reloads `ca.crt` only when
 * the serial number of `tls.crt` differs (patroni/api.py, reload_local_certificate).
 */
async function changeFor(
  decision: CertificateDecision,
  seen: CertificatesState,
  options: CertificateOptions,
  wanted: CertificateRequest,
): Promise<SecretDataChange> {
  const { now, makeKeys } = options;
  const making = { now, wanted, makeKeys };
  if (decision.step !== 'publish') return changeOf(decision, seen, making);
  const { current } = seen.stored;
  return current && current.parsed.validToDate > now ? changeOf({ step: 'renew' }, seen, making) : {};
}

/**
 * A user-supplied certificate is the user's to renew; `Stalled` reports it after 90 % of its lifetime. Members of PostgreSQL are each
 * other's clients.
 */
function foreignPair({ data }: SecretContents, { name, engine }: CertificateTarget, now: Date): CertificateStep {
  const which = `the Secret ${names.tlsSecret(name)} was made by somebody else`;
  const certificate = certificateIn(data);
  if (!certificate) return { step: 'stuck', problem: `${which} and holds no certificate`, remedy: 'put one there' };
  if (ENGINES[engine].certificate.forClients && !isForClients(certificate)) {
    const problem = `${which} and its certificate is for servers only, so members cannot log in to each other`;
    return { step: 'stuck', problem, remedy: 'issue it with the usage client auth as well' };
  }
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  const late = to - (to - from) / 10;
  if (late > now.getTime()) return { step: 'wait', until: new Date(Math.min(late, now.getTime() + LONGEST_WAIT_MS)) };
  const problem = `${which} and its certificate ends at ${certificate.validToDate.toISOString()}`;
  return { step: 'stuck', problem, remedy: 'renew it, or delete the Secret to have Ballast make one' };
}

/**
 * Decides the next write to the two Secrets. Each write leaves a state from which the next pass continues, and members with an older pair
 * trust those with the newer one, and vice versa.
 */
export async function decideCertificates(
  { authority, pair }: CertificateState,
  options: CertificateOptions,
): Promise<CertificateStep> {
  const { target, now } = options;
  if (pair && !pair.ours) return foreignPair(pair, target, now);
  const wanted = wantedOf(target, options.lifetimes);
  const known = revealed(authority, AUTHORITY_KEYS);
  const mounted = revealed(pair, PAIR_KEYS);
  const stored = storedOf(known, mounted, authority?.ours ?? true, now);
  const seen = { stored, published: pair ? [publishedOf(mounted, target)] : [] };
  const decision = decide(seen, now, wanted);
  if (decision.step === 'wait') return { step: 'wait', until: nextLook(stored, wanted.lifetimes, now) };
  const foreign = authority?.ours === false ? foreignAuthority(decision.step, stored, target.name) : undefined;
  if (foreign) return foreign;
  const change = await changeFor(decision, seen, options, wanted);
  const authorityChange = Object.entries(change).filter(([key]) => AUTHORITY_KEYS.includes(key));
  if (authorityChange.length > 0) {
    // A write of its own, before the certificate: no client would trust a certificate whose authority was lost.
    const secret = { name: names.authoritySecret(target.name), type: 'Opaque' } as const;
    return { step: decision.step, write: writeOf(authority, secret, Object.fromEntries(authorityChange)) };
  }
  const secret = { name: names.tlsSecret(target.name), type: 'kubernetes.io/tls' } as const;
  const next = pairChange(stored.bundle, { ...mounted, ...change } as Data, target);
  return { step: decision.step, write: writeOf(pair, secret, next) };
}

/** The certificate in NAME-tls; undefined when absent. */
export function certificateIn(data: SecretContents['data']): X509Certificate | undefined {
  try {
    return new X509Certificate(data[KEYS.certificate]?.reveal() ?? '');
  } catch {
    return undefined;
  }
}
