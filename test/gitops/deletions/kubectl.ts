import { join } from 'node:path';
import { saidBy } from './said.ts';
import type { Scene, Tool } from './tool.ts';

/** What `--prune` may take, in its order: it stops at the first that is refused. */
const PRUNED = [
  'core/v1/Service',
  'apps/v1/StatefulSet',
  'db.example.com/v1alpha1/Database',
  'core/v1/PersistentVolumeClaim',
].map((kind) => `--prune-allowlist=${kind}`);
const SOON = ['--timeout=60s', '--grace-period=1'] as const;

/** A person with kubectl, a folder, and `apply --prune`. */
export function kubectlTool(): Tool {
  let scene: Scene | undefined;
  const run = (...args: string[]): Promise<string> => {
    if (!scene) throw new Error('kubectl has not begun');
    return saidBy([scene.cluster.kubectl, `--namespace=${scene.namespace}`, ...args]);
  };
  const folder = (): string => `--filename=${join(scene?.team.repository.clone ?? '', 'rendered')}`;
  return {
    name: 'kubectl',
    unknown: { 'two applications': 'no applications' },
    begin: (given) => {
      scene = given;
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
    sync: async (manner) => {
      if (manner === 'replace') return run('replace', '--force', '--recursive', folder(), ...SOON);
      // It cannot do both at once.
      const more = manner === 'force' ? ['--force', ...SOON] : ['--prune', '--all', ...PRUNED];
      return run('apply', '--recursive', folder(), ...more);
    },
    deleteApplication: () => run('delete', '--recursive', folder(), '--timeout=60s'),
    twoApplications: () => Promise.resolve(''),
    deleteNamespace: () => run('delete', 'namespace', scene?.namespace ?? '', '--timeout=20s'),
    deleteClaims: () => run('delete', 'pvc', '--all', '--timeout=20s'),
  };
}
