import { runIn } from '../../lab/cluster/machine.ts';
import { POSTGRESQL } from './installation.ts';
import { cluster } from './suite.ts';

/** The same image under another name: Kubernetes and the controller take it for another one. */
export const REBUILT = `${POSTGRESQL.image}-rebuilt`;

/** Gives the image that name on all nodes. */
export async function nameRebuilt(): Promise<void> {
  const tag = ['--namespace', 'k8s.io', 'images', 'tag', '--force', POSTGRESQL.image, REBUILT];
  for (const node of cluster.nodes) await runIn(node, ['ctr', ...tag]);
}
