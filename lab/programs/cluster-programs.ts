import { join } from 'node:path';
import { build, find } from './kubernetes-programs.ts';

const KUBERNETES = [
  'etcd',
  'kubectl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
] as const;

const folder = (name: string): string => join(import.meta.dirname, name);

/** The programs besides Kubernetes' own: DNS and volumes. */
const OTHERS = {
  coredns: {
    module: folder('dns'),
    package: 'github.com/coredns/coredns',
    note: 'from its Go sources, once (two minutes)',
  },
  'csi-driver': { module: folder('storage'), package: '.', note: 'from lab/programs/storage, once (half a minute)' },
  'csi-provisioner': {
    module: folder('storage'),
    package: 'github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner',
    note: 'from its Go sources, once (a minute)',
  },
  'csi-resizer': {
    module: folder('storage'),
    package: 'github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer',
    note: 'from its Go sources, once (a minute)',
  },
  pause: { module: folder('pause'), package: '.', note: 'from lab/programs/pause, once (seconds)' },
} as const;

/** The paths of all programs of a whole cluster that are built from Go sources. */
export type Programs = Readonly<Record<(typeof KUBERNETES)[number] | keyof typeof OTHERS, string>>;

/** Finds the programs of a whole cluster, or builds them; throws with instructions when neither is possible. */
export async function findClusterPrograms(): Promise<Programs> {
  const found: [string, string][] = [];
  // One after the other: a build uses all processors anyway, and reuses the work of those before it.
  for (const name of KUBERNETES) found.push([name, await find(name)]);
  for (const [name, program] of Object.entries(OTHERS)) found.push([name, await build({ name, ...program })]);
  return Object.fromEntries(found) as Programs;
}
