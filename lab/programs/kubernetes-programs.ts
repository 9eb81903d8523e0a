import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GoProgram } from './go-program.ts';
import { findProgram } from './go-program.ts';

/** The programs of a control plane, as paths. */
export interface Programs {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubectl: string;
}

const MODULE = join(import.meta.dirname, 'control-plane');
const VERSION = 'k8s.io/component-base/version';
const VARIABLES = {
  [`${VERSION}.gitVersion`]: 'v1.34.4',
  [`${VERSION}.gitMajor`]: '1',
  [`${VERSION}.gitMinor`]: '34',
};
const kubernetes = (name: string, time: string): Pick<GoProgram, 'package' | 'note'> => ({
  package: `k8s.io/kubernetes/cmd/${name}`,
  note: `from its Go sources, once (${time})`,
});
const PACKAGES = {
  etcd: { package: 'go.etcd.io/etcd/server/v3', note: 'from its Go sources, once (a minute)' },
  kubectl: kubernetes('kubectl', 'two minutes'),
  'kube-apiserver': kubernetes('kube-apiserver', 'five minutes'),
  'kube-controller-manager': kubernetes('kube-controller-manager', 'two minutes'),
  'kube-proxy': kubernetes('kube-proxy', 'half a minute'),
  'kube-scheduler': kubernetes('kube-scheduler', 'half a minute'),
  kubelet: kubernetes('kubelet', 'a minute'),
};

/** The programs are unavailable on this computer; the message says how to get them. */
export class NoPrograms extends Error {}

/** Builds a program, unless it is in the cache, and returns its path; throws with instructions when that is impossible. */
export async function build(program: GoProgram, remedy = 'install Go'): Promise<string> {
  const found = await findProgram(program);
  if (found.ok) return found.path;
  throw new NoPrograms(`${found.reason}; ${remedy}`);
}

/** The path of one of Kubernetes' own programs: in `$KUBEBUILDER_ASSETS`, in the cache, or built. */
export async function find(name: keyof typeof PACKAGES): Promise<string> {
  const { KUBEBUILDER_ASSETS } = process.env;
  const given = KUBEBUILDER_ASSETS && join(KUBEBUILDER_ASSETS, name);
  if (given && existsSync(given)) return given;
  const program = { name, module: MODULE, variables: VARIABLES, ...PACKAGES[name] };
  return build(program, `install Go, or set KUBEBUILDER_ASSETS to a folder with ${name}`);
}

/**
 * Finds etcd, kube-apiserver and kubectl: in `$KUBEBUILDER_ASSETS`, in the cache, or built with Go from the modules that
 * control-plane/go.mod pins. Throws with instructions when all of it fails.
 */
export async function findPrograms(): Promise<Programs> {
  // One after the other: each build uses all processors anyway, and the second reuses the work of the first.
  const etcd = await find('etcd');
  const kubectl = await find('kubectl');
  const kubeApiserver = await find('kube-apiserver');
  return { etcd, kubectl, kubeApiserver };
}
