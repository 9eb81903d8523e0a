import { X509Certificate, createPrivateKey, randomBytes, sign as signBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import type { Keys } from './keys.ts';

/** A certificate and the private key that belongs to it, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Name and lifetime of a new certificate. */
interface Life {
  /** The common name: at most 64 characters, 51 for an authority. */
  readonly name: string;
  readonly keys: Keys;
  readonly now: Date;
  readonly lifetimeMs: number;
}

/** Contents of a server's certificate. */
export interface ServerOptions extends Life {
  readonly authority: Pair;
  /** DNS names and IP addresses of the server, the best known first. */
  readonly hosts: readonly string[];
  /** Whether the server also uses the certificate as a client. */
  readonly isClient?: boolean;
}

type Subject = Pick<Life, 'keys' | 'name'> & { readonly notBefore: Date; readonly notAfter: Date };

/** Tolerated difference between clocks; less for a certificate that lives for minutes only. */
const SKEW_MS = 5 * 60_000;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

function backdated(now: Date, lifetimeMs: number): Date {
  return new Date(now.getTime() - Math.min(SKEW_MS, lifetimeMs / 12));
}

/** 127 random bits, positive and of fixed length, as RFC 5280 and strict parsers require. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function unsigned({ keys, name, notBefore, notAfter }: Subject): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = randomSerial();
  certificate.validity = { notBefore, notAfter };
  certificate.setSubject([{ name: 'commonName', value: name }]);
  return certificate;
}

/** Signs with Node: forge's own arithmetic takes as long as a dozen passes of the controller. */
function sign(certificate: forge.pki.Certificate, key: string): string {
  const privateKey = createPrivateKey(key);
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('the key of an authority must be an RSA key');
  const signer = {
    sign: (): string => {
      const bytes = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'binary');
      return signBytes('sha256', bytes, privateKey).toString('binary');
    },
  };
  // forge calls nothing else of the key.
  certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  // Node's PEM layout, so that texts can be compared.
  return new X509Certificate(forge.pki.certificateToPem(certificate)).toString();
}

/** Makes a self-signed authority with a unique name, so that clients can tell two authorities in one bundle apart. */
export function makeAuthority({ name, keys, now, lifetimeMs }: Life): Pair {
  const notAfter = new Date(now.getTime() + lifetimeMs);
  const ownName = `${name} ${randomBytes(6).toString('hex')}`;
  const certificate = unsigned({ keys, name: ownName, notBefore: backdated(now, lifetimeMs), notAfter });
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return { certificate: sign(certificate, keys.privateKey), key: keys.privateKey };
}

/** Issues a server's certificate that expires no later than its authority. */
export function issueServer(options: ServerOptions): Pair {
  const { name, authority, keys, hosts, isClient = false, now, lifetimeMs } = options;
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  const end = Math.min(now.getTime() + lifetimeMs, new X509Certificate(authority.certificate).validToDate.getTime());
  const notBefore = backdated(now, lifetimeMs);
  const certificate = unsigned({ keys, name, notBefore, notAfter: new Date(end) });
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: isClient },
    {
      name: 'subjectAltName',
      altNames: hosts.map((host) => (isIP(host) ? { type: IP_ADDRESS, ip: host } : { type: DNS_NAME, value: host })),
    },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return { certificate: sign(certificate, authority.key), key: keys.privateKey };
}
