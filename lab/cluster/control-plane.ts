import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failed, attempt } from '../processes/command.ts';
import { apiServerUrl, kubeconfigOf, pairOf, tokensFile } from './keys.ts';
import type { Cluster } from './layout.ts';
import { PODS, SERVICES } from './layout.ts';
import type { Programs } from '../programs/cluster-programs.ts';
import type { Server } from './server.ts';
import { isRunning, logOf, startServer } from './server.ts';
import { until } from '../processes/until.ts';

const READY_MS = 90_000;
const ETCD = 'http://127.0.0.1:2379';

function etcd({ control }: Cluster, programs: Programs): Server {
  const peer = 'http://127.0.0.1:2380';
  const args = [
    `--data-dir=${join(control.folder, 'lib/etcd')}`,
    // The data may be lost when the computer stops; tests should not wait for a disk.
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
  return { name: 'etcd', command: [programs.etcd, ...args] };
}

function apiServer(cluster: Cluster, programs: Programs): Server {
  const [authority, own] = [pairOf(cluster, 'ca'), pairOf(cluster, 'apiserver')];
  const [kubelet, accounts] = [pairOf(cluster, 'kubelet-client'), pairOf(cluster, 'service-accounts')];
  const args = [
    `--etcd-servers=${ETCD}`,
    `--advertise-address=${cluster.control.address}`,
    `--tls-cert-file=${own.certificate}`,
    `--tls-private-key-file=${own.key}`,
    `--client-ca-file=${authority.certificate}`,
    `--token-auth-file=${tokensFile(cluster)}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged',
    `--service-cluster-ip-range=${SERVICES.range}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${accounts.key}`,
    `--service-account-key-file=${accounts.certificate}`,
    `--kubelet-client-certificate=${kubelet.certificate}`,
    `--kubelet-client-key=${kubelet.key}`,
    // Names of nodes do not resolve; logs and exec connect to addresses instead.
    '--kubelet-preferred-address-types=InternalIP',
  ];
  return { name: 'kube-apiserver', command: [programs['kube-apiserver'], ...args] };
}

function controllerManager(cluster: Cluster, programs: Programs): Server {
  const authority = pairOf(cluster, 'ca');
  const args = [
    `--kubeconfig=${kubeconfigOf(cluster, 'kube-controller-manager')}`,
    '--use-service-account-credentials',
    `--service-account-private-key-file=${pairOf(cluster, 'service-accounts').key}`,
    `--root-ca-file=${authority.certificate}`,
    `--cluster-signing-cert-file=${authority.certificate}`,
    `--cluster-signing-key-file=${authority.key}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
  return { name: 'kube-controller-manager', command: [programs['kube-controller-manager'], ...args] };
}

function scheduler(cluster: Cluster, programs: Programs): Server {
  const args = [`--kubeconfig=${kubeconfigOf(cluster, 'kube-scheduler')}`, '--leader-elect=false', '--secure-port=0'];
  return { name: 'kube-scheduler', command: [programs['kube-scheduler'], ...args] };
}

/** The rules that turn the addresses of Services into those of pods, on the control plane and on every node. */
export function proxy(cluster: Cluster, programs: Programs, node: string): Server {
  const args = [
    `--kubeconfig=${kubeconfigOf(cluster, 'kube-proxy')}`,
    `--hostname-override=${node}`,
    '--proxy-mode=iptables',
    `--cluster-cidr=${PODS}`,
    '--healthz-bind-address=127.0.0.1:10256',
    // The limit applies to the whole computer, so it stays unchanged.
    '--conntrack-max-per-core=0',
  ];
  return { name: 'kube-proxy', command: [programs['kube-proxy'], ...args] };
}

/** Writes the script that runs kubectl in the cluster's network, for people and for tests. */
export function writeKubectl(cluster: Cluster, programs: Programs): void {
  const enter = `nsenter --net=/run/netns/${cluster.control.namespace}`;
  const line = `exec ${enter} '${programs.kubectl}' --kubeconfig '${kubeconfigOf(cluster, 'admin')}' "$@"`;
  writeFileSync(cluster.kubectl, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

/** Waits until the API server is ready; throws with its log's place when it ends, or takes too long. */
async function untilReady(cluster: Cluster): Promise<void> {
  const { control, kubectl } = cluster;
  const ready = async (): Promise<boolean> => {
    const ended = ['etcd', 'kube-apiserver'].find((name) => !isRunning(control, name));
    if (ended !== undefined) throw new Failed(`${ended} ended; see ${logOf(control, ended)}`);
    return attempt([kubectl, 'get', '--raw', '/readyz']);
  };
  const complaint = `${apiServerUrl(cluster)} is not ready; see ${logOf(control, 'kube-apiserver')}`;
  await until(ready, READY_MS, complaint);
}

/** Starts the API server, with etcd when that does not run, and waits until it is ready. */
export async function startApi(cluster: Cluster, programs: Programs): Promise<void> {
  await startServer(cluster.control, etcd(cluster, programs));
  await startServer(cluster.control, apiServer(cluster, programs));
  await untilReady(cluster);
}

/** Starts the controller manager, the scheduler and the proxy. */
export async function startControllers(cluster: Cluster, programs: Programs): Promise<void> {
  const { control, nodes } = cluster;
  await startServer(control, controllerManager(cluster, programs));
  await startServer(control, scheduler(cluster, programs));
  // It waits long for its own node, which the control plane is not; its rules are the same on every node.
  await startServer(control, proxy(cluster, programs, nodes[0]?.name ?? control.name));
}
