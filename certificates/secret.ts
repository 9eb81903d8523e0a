import { X509Certificate, createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import type { Pair } from './authority.ts';

/** Data of the Secret, decoded: key to text. */
export type Data = Readonly<Record<string, string>>;

/** The Secret's keys that Ballast manages; other keys stay unchanged. */
export const KEYS = {
  /** The authorities that clients trust, the current one first. */
  bundle: 'ca.crt',
  authorityKey: 'ca.key',
  certificate: 'tls.crt',
  key: 'tls.key',
  /** Private key of the next authority while it waits; the bundle holds its certificate. */
  nextKey: 'next-ca.key',
  /** Since when the bundle with the next authority is published, RFC 3339. */
  published: 'next-ca-published',
} as const;

/** A parsed certificate with its private key. */
export interface ReadablePair extends Pair {
  readonly parsed: X509Certificate;
}

/** The contents of the Secret; a damaged part is undefined. */
export interface StoredCertificates {
  readonly bundle: string;
  readonly authorities: readonly X509Certificate[];
  readonly current: ReadablePair | undefined;
  readonly next: ReadablePair | undefined;
  readonly published: Date | undefined;
  readonly server: ReadablePair | undefined;
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** The PEM blocks of a text. */
function certificateBlocks(text: string): string[] {
  return text
    .split(END)
    .slice(0, -1)
    .flatMap((part) => {
      const start = part.lastIndexOf(BEGIN);
      return start < 0 ? [] : [part.slice(start) + END];
    });
}

/** Parses the certificates of a text of PEM blocks, and skips damaged ones. */
function readCertificates(text: string): X509Certificate[] {
  return certificateBlocks(text).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** The authorities among the certificates of a text, each once. */
export function readAuthorities(text: string): X509Certificate[] {
  const found = readCertificates(text).filter(({ ca }) => ca);
  return found.filter((one, index) => found.findIndex(({ raw }) => raw.equals(one.raw)) === index);
}

/** The first certificate that matches a private key. */
function pairUp(certificates: readonly X509Certificate[], key: string | undefined): ReadablePair | undefined {
  if (key === undefined) return undefined;
  try {
    const parsedKey = createPrivateKey(key);
    const parsed = certificates.find((one) => one.checkPrivateKey(parsedKey));
    return parsed && { parsed, certificate: parsed.toString(), key };
  } catch {
    return undefined;
  }
}

function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Parses the Secret's data. Never fails: an unreadable part is undefined, and so is replaced. */
export function readStored(data: Data): StoredCertificates {
  const bundle = data[KEYS.bundle] ?? '';
  const authorities = readAuthorities(bundle);
  return {
    bundle,
    authorities,
    current: pairUp(authorities, data[KEYS.authorityKey]),
    next: pairUp(authorities, data[KEYS.nextKey]),
    published: readDate(data[KEYS.published]),
    server: pairUp(readCertificates(data[KEYS.certificate] ?? '').slice(0, 1), data[KEYS.key]),
  };
}

/** Whether a client that trusts these authorities accepts the certificate as signed by one that is valid now. */
export function isTrusted(certificate: X509Certificate, authorities: readonly X509Certificate[], now: Date): boolean {
  return authorities.some(
    (one) => one.validToDate > now && certificate.checkIssued(one) && certificate.verify(one.publicKey),
  );
}

/** Whether the certificate covers all of these names and addresses; a name with the prefix `*.` covers one level. */
export function covers(certificate: X509Certificate, hosts: readonly string[]): boolean {
  return hosts.every((host) => {
    const found = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host.replace(/^\*/, 'any'));
    return found !== undefined;
  });
}

/** Extended key usage of a client (RFC 5280, 4.2.1.12). */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** Whether servers accept the certificate from a client: it names client authentication, or no usage at all. OpenSSL refuses any other. */
export function isForClients(certificate: X509Certificate): boolean {
  // Undefined when the certificate names no usage, whatever the type says.
  const purposes = certificate.keyUsage as readonly string[] | undefined;
  return purposes === undefined || purposes.includes(CLIENT_AUTHENTICATION);
}
