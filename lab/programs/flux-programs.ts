import { join } from 'node:path';
import { build } from './kubernetes-programs.ts';

/** The Go module that pins Flux's controllers. */
export const FLUX_MODULE = join(import.meta.dirname, 'flux');

/** Flux's controllers that bring a repository into a cluster. */
export const FLUX_CONTROLLERS = ['source-controller', 'kustomize-controller'] as const;

/** The path of one of Flux's controllers; throws with instructions when it cannot be had. */
export function findFlux(name: (typeof FLUX_CONTROLLERS)[number]): Promise<string> {
  return build({
    ...{ name, module: FLUX_MODULE, package: `github.com/fluxcd/${name}` },
    note: 'from its Go sources, once (five minutes)',
  });
}
