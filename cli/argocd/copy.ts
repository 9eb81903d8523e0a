import { posix } from 'node:path';
import { UsageError } from '../errors.ts';

/** Argo CD's copy of a repository: its root, and the path of the Application below it, `.` for the root itself. */
export interface RepositoryCopy {
  readonly root: string;
  readonly path: string;
}

/**
 * Finds the root of the copy from the folder in which Argo CD starts the plugin and from the Application's path. Throws when the copy
 * begins further down, where `ballast.yaml` could be missing unnoticed.
 */
export function repositoryCopy(folder: string, sourcePath: string | undefined): RepositoryCopy {
  const path = posix.normalize(sourcePath || '.').replace(/(?<=.)\/$/, '');
  if (path === '.') return { root: folder, path };
  const end = `/${path}`;
  if (folder.endsWith(end)) return { root: folder.slice(0, -end.length) || '/', path };
  throw new UsageError(
    `${path}: Argo CD handed over a part of the repository, in which ballast.yaml may be missing; name it in the ` +
      'annotation of the Application, argocd.argoproj.io/manifest-generate-paths: ".;/ballast.yaml", or, if the path is a link, name the folder itself',
  );
}
