import type { KubernetesObject } from '../kubernetes/objects.ts';
import type { MemberReport } from '../lab/world/member.ts';
import { memberNotes } from '../lab/world/member.ts';

/** Volumes are bound and pods are placed directly: only an API server runs. */
const NODES = 50;

interface Template {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly spec: { readonly volumes: readonly object[]; readonly [field: string]: unknown };
}

/** A claim with the annotations and the volume of its binding; any other object unchanged. */
export function claimed(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'PersistentVolumeClaim') return object;
  const { metadata } = object;
  const annotations = {
    ...metadata.annotations,
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
    'volume.kubernetes.io/storage-provisioner': 'csi.example.com',
  };
  const volumeName = `pvc-${metadata.namespace ?? ''}-${metadata.name}`;
  const finalizers = ['kubernetes.io/pvc-protection'];
  const spec = { ...(object['spec'] as object), volumeName };
  return { ...object, metadata: { ...metadata, annotations, finalizers }, spec };
}

/** Status of a claim that has its volume. */
export function bound(storage: string): object {
  return { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage } };
}

/** The report of a healthy member: the first leads, and the others follow. */
function reportOf(ordinal: number): MemberReport {
  const isPrimary = ordinal === 0;
  return { state: 'running', role: isPrimary ? 'primary' : 'replica', isStreaming: !isPrimary, timeline: 1 };
}

/** The pods that the StatefulSet controller would make, with Patroni running in them. */
export function pods({ metadata, spec }: KubernetesObject, members: number): KubernetesObject[] {
  const { name: set, namespace = '', uid = '' } = metadata;
  const { template } = spec as { readonly template: Template };
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: set, uid, controller: true };
  return Array.from({ length: members }, (_, ordinal) => {
    const name = `${set}-${ordinal}`;
    const notes = memberNotes(name, reportOf(ordinal));
    const labels = {
      ...template.metadata.labels,
      'apps.kubernetes.io/pod-index': String(ordinal),
      'controller-revision-hash': `${set}-1`,
      'statefulset.kubernetes.io/pod-name': name,
      ...notes.labels,
    };
    const annotations = { ...template.metadata.annotations, ...notes.annotations };
    const data = { name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } };
    const placed = {
      ...template.spec,
      hostname: name,
      subdomain: `${set}-pods`,
      nodeName: `node-${(Number(set.replace(/\D/g, '')) + ordinal) % NODES}`,
      volumes: [data, ...template.spec.volumes],
    };
    const about = { name, namespace, labels, annotations, ownerReferences: [owner] };
    return { kind: 'Pod', metadata: about, spec: placed };
  });
}

/** Status of a pod that runs, and serves or not. */
export function ready(isReady: boolean): object {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const state = { running: { startedAt: lastTransitionTime } };
  const containerStatuses = ['postgresql', 'backup-server'].map((name) => ({
    name,
    image: 'ballast/postgresql:17',
    imageID: 'ballast/postgresql@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    containerID: 'containerd://0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    ready: isReady || name !== 'postgresql',
    started: true,
    restartCount: 0,
    state,
  }));
  const holds = ['PodReadyToStartContainers', 'Initialized', 'PodScheduled'];
  const status = isReady ? 'True' : 'False';
  const conditions = [
    ...holds.map((type) => ({ type, status: 'True', lastTransitionTime })),
    ...['Ready', 'ContainersReady'].map((type) => ({ type, status, lastTransitionTime })),
  ];
  const addresses = {
    hostIP: '10.0.0.1',
    hostIPs: [{ ip: '10.0.0.1' }],
    podIP: '10.0.1.7',
    podIPs: [{ ip: '10.0.1.7' }],
  };
  return { phase: 'Running', qosClass: 'Burstable', ...addresses, conditions, containerStatuses };
}
