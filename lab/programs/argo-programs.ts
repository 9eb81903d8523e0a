import { join } from 'node:path';
import { build } from './kubernetes-programs.ts';

/** The Go module that pins Argo CD. */
export const ARGO_MODULE = join(import.meta.dirname, 'argocd');
const NOTE = 'from its Go sources, once (four minutes)';

/** The path of Argo CD's program, which is all of its servers; throws with instructions when it cannot be had. */
export function findArgo(): Promise<string> {
  return build({ name: 'argocd', module: ARGO_MODULE, package: 'github.com/argoproj/argo-cd/v3/cmd', note: NOTE });
}

/** The path of a program around Argo CD's Lua engine; throws with instructions when it cannot be had. */
export function findArgoLua(): Promise<string> {
  return build({ name: 'argocd-lua', module: ARGO_MODULE, package: '.', note: NOTE });
}

/** The path of a program that asks a repository server for manifests; throws with instructions when it cannot be had. */
export function findManifestsClient(): Promise<string> {
  return build({ name: 'argocd-manifests', module: ARGO_MODULE, package: './manifests', note: NOTE });
}
