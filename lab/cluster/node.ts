import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failed } from '../processes/command.ts';
import { proxy } from './control-plane.ts';
import { kubeconfigOf, pairOf } from './keys.ts';
import type { Cluster, ClusterNode } from './layout.ts';
import { SERVICES, STORAGE_DRIVER } from './layout.ts';
import { runIn } from './machine.ts';
import { CNI_PROGRAMS } from './needs.ts';
import type { Programs } from '../programs/cluster-programs.ts';
import { isRunning, logOf, startServer } from './server.ts';
import { until } from '../processes/until.ts';

/** The image of the process that holds a pod's namespaces. */
export const PAUSE_IMAGE = 'localhost/ballast/pause:1';

const RUNTIME_MS = 30_000;

function containerdConfiguration(node: ClusterNode): string {
  const plugin = (path = ''): string => `[plugins."io.containerd.grpc.v1.cri"${path}]`;
  return [
    'version = 2',
    'disabled_plugins = ["io.containerd.internal.v1.opt"]',
    plugin(),
    `sandbox_image = "${PAUSE_IMAGE}"`,
    // Without CAP_SYS_RESOURCE root must not lower the OOM score of a process below its own.
    'restrict_oom_score_adj = true',
    plugin('.cni'),
    `bin_dir = "${CNI_PROGRAMS}"`,
    `conf_dir = "${join(node.folder, 'cni')}"`,
    plugin('.containerd.runtimes.runc'),
    'runtime_type = "io.containerd.runc.v2"',
    plugin('.containerd.runtimes.runc.options'),
    // Not crun, which refuses hosts that mount both versions of cgroups.
    'BinaryName = "runc"',
    '',
  ].join('\n');
}

/** Each pod has a virtual cable of its own, so that all its packets are routed, and pass the rules of Services. */
function podNetwork({ name, podRange }: ClusterNode): object {
  const ipam = { type: 'host-local', ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] };
  const plugins = [
    { type: 'ptp', ipMasq: false, ipam },
    { type: 'portmap', capabilities: { portMappings: true } },
  ];
  return { cniVersion: '0.4.0', name, plugins };
}

function kubeletConfiguration(cluster: Cluster, node: ClusterNode): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pairOf(cluster, 'ca').certificate },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${node.cgroup}`,
    clusterDNS: [SERVICES.dns],
    clusterDomain: 'cluster.local',
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    // The computer's disk is not the node's: its usage must neither evict pods nor remove images.
    evictionHard: { 'memory.available': '100Mi' },
    imageGCHighThresholdPercent: 100,
    failSwapOn: false,
    // How soon a volume grows in a running pod; usually a minute.
    syncFrequency: '10s',
    resolvConf: join(node.folder, 'resolv.conf'),
  };
}

function configure(cluster: Cluster, node: ClusterNode): void {
  const write = (name: string, content: object | string): void => {
    writeFileSync(join(node.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  mkdirSync(join(node.folder, 'cni'), { recursive: true });
  write('cni/10-pods.conflist', podNetwork(node));
  write('containerd.toml', containerdConfiguration(node));
  write('kubelet.json', kubeletConfiguration(cluster, node));
  write('resolv.conf', `nameserver ${cluster.control.address}\n`);
}

/** Starts a node's container runtime and waits until it answers. */
export async function startRuntime(cluster: Cluster, node: ClusterNode): Promise<void> {
  configure(cluster, node);
  await startServer(node, {
    name: 'containerd',
    command: ['containerd', '--config', join(node.folder, 'containerd.toml')],
  });
  const complaint = `containerd does not serve; see ${logOf(node, 'containerd')}`;
  const serves = async (): Promise<boolean> => {
    if (!isRunning(node, 'containerd')) throw new Failed(complaint);
    return runIn(node, ['ctr', 'plugins', 'ls']).then(
      (plugins) => /\scri\s.*\sok\s/.test(plugins),
      () => false,
    );
  };
  await until(serves, RUNTIME_MS, complaint);
}

/** Starts the kubelet, volumes and Service addresses on a machine with a container runtime, which makes it a node. */
export async function startKubelet(cluster: Cluster, node: ClusterNode, programs: Programs): Promise<void> {
  const folder = '/var/lib/kubelet';
  const [registrations, plugin] = [`${folder}/plugins_registry`, `${folder}/plugins/${STORAGE_DRIVER}`];
  await runIn(node, ['mkdir', '--parents', registrations, plugin]);
  const driver = [
    `--volumes=${cluster.volumes}`,
    `--endpoint=${plugin}/socket`,
    `--registration=${registrations}/${STORAGE_DRIVER}.sock`,
    `--node=${node.name}`,
  ];
  const kubelet = [
    `--config=${join(node.folder, 'kubelet.json')}`,
    `--kubeconfig=${kubeconfigOf(cluster, node.name)}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.address}`,
  ];
  await startServer(node, { name: 'csi-driver', command: [programs['csi-driver'], ...driver] });
  await startServer(node, { name: 'kubelet', command: [programs.kubelet, ...kubelet] });
  await startServer(node, proxy(cluster, programs, node.name));
}
