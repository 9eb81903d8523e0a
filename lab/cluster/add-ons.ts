import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes/command.ts';
import { kubeconfigOf } from './keys.ts';
import type { Cluster } from './layout.ts';
import { SERVICES, STORAGE_DRIVER } from './layout.ts';
import type { Programs } from '../programs/cluster-programs.ts';
import { startServer } from './server.ts';

const DNS_PORT = 53;

const storageClass = (name: string, allowVolumeExpansion: boolean, annotations = {}): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations },
  provisioner: STORAGE_DRIVER,
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
  allowVolumeExpansion,
});

const driver = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  metadata: { name: STORAGE_DRIVER },
  // Sets the group of volumes to the pod's, whichever process wrote them.
  spec: { attachRequired: false, podInfoOnMount: false, fsGroupPolicy: 'File' },
};

const dnsPorts = (['UDP', 'TCP'] as const).map((protocol) => ({
  name: `dns-${protocol.toLowerCase()}`,
  port: DNS_PORT,
  protocol,
}));

const dnsService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  spec: { clusterIP: SERVICES.dns, ports: dnsPorts },
};

/** The DNS server runs beside the API server instead of in a pod, so that no node's failure affects it. */
function dnsEndpoints({ control }: Cluster): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'kubernetes.io/service-name': 'kube-dns' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [control.address], conditions: { ready: true } }],
    ports: dnsPorts,
  };
}

function corefile(cluster: Cluster): string {
  const file = join(cluster.control.folder, 'Corefile');
  const zones = ['cluster.local', 'in-addr.arpa', 'ip6.arpa'];
  const text = `${zones.map((zone) => `${zone}:${DNS_PORT}`).join(' ')} {
    errors
    kubernetes ${zones.join(' ')} {
        kubeconfig ${kubeconfigOf(cluster, 'admin')}
        pods insecure
    }
    cache 30
}

# There is no world outside; without this, whoever asks for it waits.
.:${DNS_PORT} {
    errors
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;
  writeFileSync(file, text);
  return file;
}

/** Makes the objects of name resolution and volumes. */
export async function applyAddOns(cluster: Cluster): Promise<void> {
  const standard = storageClass('standard', true, { 'storageclass.kubernetes.io/is-default-class': 'true' });
  const items = [driver, standard, storageClass('fixed', false), dnsService, dnsEndpoints(cluster)];
  const list = { apiVersion: 'v1', kind: 'List', items };
  await run([cluster.kubectl, 'apply', '--server-side', '--filename', '-'], JSON.stringify(list));
}

/** Starts DNS, and the provisioner and resizer of volumes. */
export async function startAddOns(cluster: Cluster, programs: Programs): Promise<void> {
  const { control } = cluster;
  const socket = join(control.folder, 'csi.sock');
  const sidecar = [`--csi-address=${socket}`, `--kubeconfig=${kubeconfigOf(cluster, 'admin')}`];
  await startServer(control, { name: 'coredns', command: [programs.coredns, '-conf', corefile(cluster)] });
  const served = [`--volumes=${cluster.volumes}`, `--endpoint=${socket}`];
  await startServer(control, { name: 'csi-driver', command: [programs['csi-driver'], ...served] });
  await startServer(control, {
    name: 'csi-provisioner',
    command: [programs['csi-provisioner'], ...sidecar, '--default-fstype=xfs'],
  });
  await startServer(control, { name: 'csi-resizer', command: [programs['csi-resizer'], ...sidecar] });
}
