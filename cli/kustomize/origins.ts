import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { BuiltObject } from '../../review/origins.ts';
import { builtObjects, parseSource } from '../../review/origins.ts';
import { errorCode } from '../errors.ts';
import { liesIn } from '../git/checkout.ts';
import type { SourceFile, Stream } from '../sources/explained.ts';
import { textIn } from '../sources/read.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';
import type { Kustomization } from './build.ts';
import { runKustomize } from './run.ts';

const posix = (path: string): string => path.split(sep).join('/');

/** A path that kustomize noted, made to count from the work tree's top instead of the folder that was built. */
function fromTop(path: string | undefined, built: string, top: string): string | undefined {
  return path === undefined ? undefined : posix(relative(top, resolve(built, path)));
}

/**
 * The objects of a build with the files that they come from. Kustomize notes these only when the kustomization asks for it, so another one
 * around it does.
 */
function objectsOf({ real, top }: Kustomization, namespace: string): ReadonlyMap<string, BuiltObject> {
  return inTemporaryFolder('origins', (around) => {
    const asks = { buildMetadata: ['originAnnotations', 'transformerAnnotations'], resources: [relative(around, real)] };
    writeFileSync(join(around, 'kustomization.yaml'), JSON.stringify(asks));
    const result = runKustomize(around, top);
    const text = result.ok ? textIn('', result.bytes).text : undefined;
    const rows = [...builtObjects(text ?? '', namespace)].map(([key, { path, changedIn, ...object }]) => {
      // A path in a repository that was fetched counts from its own top.
      const from = object.repository === undefined ? fromTop(path, around, top) : path;
      const by = fromTop(changedIn, around, top);
      return [key, { ...object, ...(from !== undefined && { path: from }), ...(by !== undefined && { changedIn: by }) }];
    });
    return new Map(rows as [string, BuiltObject][]);
  });
}

/** A file of the work tree, by its path from the top; undefined for one that is none or lies elsewhere. */
function fileAt(top: string, path: string): SourceFile | undefined {
  try {
    const real = realpathSync(join(top, path));
    if (!liesIn(top, real) || !statSync(real).isFile()) return undefined;
    const { text } = textIn(path, readFileSync(real));
    const parsed = text === undefined ? undefined : parseSource(text);
    return { file: posix(relative(process.cwd(), real)), ...(parsed && { parsed }) };
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return undefined;
  }
}

/** The build of a kustomization as a stream whose objects have their places in the work tree. */
export function buildStream(kustomization: Kustomization, namespace: string, revision: string | undefined): Stream {
  const { folder, top, name } = kustomization;
  const read = new Map<string, SourceFile | undefined>();
  const sourceFile = (path: string): SourceFile | undefined => {
    if (!read.has(path)) read.set(path, fileAt(top, path));
    return read.get(path);
  };
  const files = [name.file, ...(revision === undefined ? [] : [`${revision}:${name.file}`])];
  return { files, objects: () => objectsOf(kustomization, namespace), kustomization: { folder, sourceFile } };
}
