import { join } from 'node:path';
import { build } from './kubernetes-programs.ts';

const MODULE = join(import.meta.dirname, 'gitops');
const PACKAGES = {
  kustomize: {
    package: 'sigs.k8s.io/kustomize/kustomize/v5',
    note: 'from its Go sources, once (half a minute)',
  },
  helm: { package: 'helm.sh/helm/v3/cmd/helm', note: 'from its Go sources, once (a minute and a half)' },
};

/** The path of a program that writes manifests for GitOps: in the cache, or built; throws with instructions when neither is possible. */
export function findGitOpsProgram(name: keyof typeof PACKAGES): Promise<string> {
  return build({ name, module: MODULE, ...PACKAGES[name] });
}
