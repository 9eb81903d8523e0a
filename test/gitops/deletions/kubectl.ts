import { join } from 'node:path';
import { saidBy } from './said.ts';
import type { Scene, Tool } from './tool.ts';

const SELECTOR = '--selector=app.kubernetes.io/managed-by=ballast';
/** What `--prune` may take: the kinds that hurt. */
const PRUNED = [
  'core/v1/ConfigMap',
  'core/v1/PersistentVolumeClaim',
  'core/v1/Secret',
  'core/v1/Service',
  'apps/v1/StatefulSet',
  'db.example.com/v1alpha1/Database',
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
      const force = manner === 'force' ? ['--force', ...SOON] : [];
      return run('apply', '--recursive', folder(), SELECTOR, '--prune', ...PRUNED, ...force);
    },
    deleteApplication: () => run('delete', '--recursive', folder(), '--timeout=60s'),
    twoApplications: () => Promise.resolve(''),
    deleteNamespace: () => run('delete', 'namespace', scene?.namespace ?? '', '--timeout=20s'),
    deleteClaims: () => run('delete', 'pvc', '--all', '--timeout=20s'),
  };
}
