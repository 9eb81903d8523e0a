import type { Lifetimes, CertificateRequest } from '../../certificates/decide.ts';
import type { Model } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';

const DAY_MS = 86_400_000;

/**
 * How long a Database's certificates live. Members are told of a next authority by the kubelet, within two minutes; the
 * notice is for clients that keep a copy of `ca.crt`.
 */
export const LIFETIMES: Lifetimes = {
  authorityMs: 3650 * DAY_MS,
  serverMs: 90 * DAY_MS,
  propagationMs: 600_000,
  noticeMs: 180 * DAY_MS,
};

/** Whom certificates are made for. */
export type CertificateTarget = Pick<Model, 'name' | 'namespace' | 'engine' | 'settings'>;

/**
 * Every name by which the members of a Database are reached: Services as clients write them, each member as Patroni and
 * pgBackRest do, the host of the backups, and the loopback.
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

/** What the certificates of a Database are made for; by its common name pgBackRest knows a member. */
export function wantedOf(target: CertificateTarget, lifetimes: Lifetimes = LIFETIMES): CertificateRequest {
  const subject = { authority: 'Ballast database authority', server: target.name, isClient: true };
  return { subject, hosts: hostsOf(target), lifetimes };
}
