import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The names of the file that makes a folder a kustomization, as kustomize looks for them. */
const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The name of the file that makes a folder a kustomization; undefined when there is none. */
export function kustomizationFile(folder: string): string | undefined {
  return NAMES.find((name) => existsSync(join(folder, name)));
}

/** Whether a path is a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
