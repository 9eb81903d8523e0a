import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes/command.ts';
import type { Cluster } from './layout.ts';
import { SERVICES } from './layout.ts';

const DAYS = '3650';
const PRIVATE = { mode: 0o600 };

/** Files with a certificate and its private key. */
export interface PairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The users of the API server besides service accounts, with their Kubernetes names and groups. */
const USERS: Readonly<Record<string, { readonly user: string; readonly groups: string }>> = {
  admin: { user: 'admin', groups: 'system:masters' },
  'kube-controller-manager': { user: 'system:kube-controller-manager', groups: '' },
  'kube-scheduler': { user: 'system:kube-scheduler', groups: '' },
  'kube-proxy': { user: 'system:kube-proxy', groups: '' },
};

/** The API server's URL, the same on every machine. */
export function apiServerUrl({ control }: Cluster): string {
  return `https://${control.address}:6443`;
}

/** The files of a certificate that `makeKeys` made. */
export function pairOf({ keys }: Cluster, name: 'ca' | 'apiserver' | 'kubelet-client' | 'service-accounts'): PairFiles {
  return { certificate: join(keys, `${name}.crt`), key: join(keys, `${name}.key`) };
}

/** The file with a kubeconfig that `makeKeys` made. */
export function kubeconfigOf({ keys }: Cluster, user: string): string {
  return join(keys, `${user}.kubeconfig`);
}

/** The API server's list of tokens. */
export function tokensFile({ keys }: Cluster): string {
  return join(keys, 'tokens.csv');
}

function kubeconfig(cluster: Cluster, token: string): string {
  const authority = readFileSync(pairOf(cluster, 'ca').certificate).toString('base64');
  const server = { server: apiServerUrl(cluster), 'certificate-authority-data': authority };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster.name, cluster: server }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: cluster.name, context: { cluster: cluster.name, user: 'user' } }],
    'current-context': cluster.name,
  });
}

/** Makes a certificate with openssl; one that signs itself without an issuer. */
async function makePair(
  { certificate, key }: PairFiles,
  subject: string,
  issuer?: PairFiles,
  names = '',
): Promise<void> {
  const signed = issuer ? ['-CA', issuer.certificate, '-CAkey', issuer.key] : [];
  const extension = names === '' ? [] : ['-addext', `subjectAltName=${names}`];
  const files = ['-keyout', key, '-out', certificate];
  await run([
    ...(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', DAYS, '-subj', subject] as const),
    ...signed,
    ...extension,
    ...files,
  ]);
}

async function makePairs(cluster: Cluster): Promise<void> {
  const authority = pairOf(cluster, 'ca');
  await makePair(authority, `/CN=${cluster.name}`);
  const hosts = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
  const addresses = [SERVICES.api, cluster.control.address, '127.0.0.1'];
  const names = [...hosts.map((host) => `DNS:${host}`), ...addresses.map((address) => `IP:${address}`)].join(',');
  await Promise.all([
    makePair(pairOf(cluster, 'apiserver'), '/CN=kube-apiserver', authority, names),
    makePair(pairOf(cluster, 'kubelet-client'), '/O=system:masters/CN=kube-apiserver-kubelet-client', authority),
    makePair(pairOf(cluster, 'service-accounts'), '/CN=service-accounts'),
  ]);
}

/** Makes the certificates, a token for every user except pods, and their kubeconfigs. */
export async function makeKeys(cluster: Cluster): Promise<void> {
  mkdirSync(cluster.keys, { recursive: true, mode: 0o700 });
  await makePairs(cluster);
  const nodes = cluster.nodes.map(
    ({ name }) => [name, { user: `system:node:${name}`, groups: 'system:nodes' }] as const,
  );
  const lines = [...Object.entries(USERS), ...nodes].map(([name, { user, groups }]) => {
    const token = randomBytes(16).toString('hex');
    writeFileSync(kubeconfigOf(cluster, name), kubeconfig(cluster, token), PRIVATE);
    return `${token},${user},${name},"${groups}"\n`;
  });
  writeFileSync(tokensFile(cluster), lines.join(''), PRIVATE);
}
