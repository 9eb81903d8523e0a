import type { Manifest } from '../generator/metadata.ts';
import type { SharedOptions } from './options.ts';

const PROFILE = 'restricted';

/** Ballast's own namespace, in which no pod gets a right that the programs do not need. */
export function ownNamespace({ namespace }: SharedOptions): Manifest {
  const modes = ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, PROFILE]);
  return {
    ...{ apiVersion: 'v1', kind: 'Namespace' },
    metadata: { name: namespace, labels: Object.fromEntries(modes) as Record<string, string> },
  };
}
