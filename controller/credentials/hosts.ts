import type { Lifetimes, CertificateRequest } from '../../certificates/decide.ts';
import type { Model } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';

const DAY_MS = 86_400_000;

/**
 * Lifetimes of a Database's certificates. The kubelet delivers the next authority to members within two minutes; the notice is for
 * clients that keep a copy of `ca.crt`.
 */
export const LIFETIMES: Lifetimes = {
  authorityMs: 3650 * DAY_MS,
  serverMs: 90 * DAY_MS,
  propagationMs: 600_000,
  noticeMs: 180 * DAY_MS,
};

/** The Database that certificates are made for. */
export type CertificateTarget = Pick<Model, 'name' | 'namespace' | 'engine' | 'settings'>;

/**
 * Every host name of a Database's members: the Services as clients write them, each member as Patroni and pgBackRest address it, the host
 * of the backups, and the loopback.
 */
export function hostsOf({ name, namespace, settings }: CertificateTarget): string[] {
  const domains = [`${namespace}.svc`, `${namespace}.svc.${settings.clusterDomain}`];
  const { primaryService, replicaService, podsService, backup } = names;
  const services = [primaryService, replicaService, podsService, backup].map((make) => make(name));
  return [
    ...services.flatMap((service) => [service, ...[namespace, ...domains].map((domain) => `${service}.${domain}`)]),
    ...domains.map((domain) => `*.${podsService(name)}.${domain}`),
    'localhost',
    '127.0.0.1',
    '::1',
  ];
}

/** The requirements of a Database's certificates; pgBackRest identifies a member by the common name. */
export function wantedOf(target: CertificateTarget, lifetimes: Lifetimes = LIFETIMES): CertificateRequest {
  const subject = { authority: 'Ballast database authority', server: target.name, isClient: true };
  return { subject, hosts: hostsOf(target), lifetimes };
}
