import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { trimEnd } from '../../database/trim.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { Source, SourceName } from '../../review/source.ts';
import { UsageError } from '../errors.ts';
import type { Place } from '../git/base.ts';
import { baseOf } from '../git/base.ts';
import { entryAt } from '../git/objects.ts';
import { writeTree } from '../git/tree-at.ts';
import { sourceName, topOf } from '../root.ts';
import { readBytes } from '../sources/read.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';
import { isFolder, kustomizationFile } from './folder.ts';
import { runKustomize } from './run.ts';

/** A folder with a kustomization, in the work tree. */
export interface Kustomization {
  /** The folder as the user named it. */
  readonly folder: string;
  /** The folder as an absolute path without links. */
  readonly real: string;
  /** The top of its work tree; the folder itself outside of work trees. */
  readonly top: string;
  /** The name of the file that makes it a kustomization, in messages and in headers. */
  readonly name: SourceName;
}

/** What a kustomization builds to: nothing where there was none, and no source where it does not build. */
export interface Built {
  readonly sources: readonly Source[];
  readonly findings: readonly LocatedFinding[];
}

const posix = (path: string): string => path.split(sep).join('/');

/** Finds the kustomization that a user named. Throws when there is none. */
export function findKustomization(folder: string): Kustomization {
  if (!isFolder(folder)) throw new UsageError(`--kustomize ${folder}: there is no such folder`);
  const file = kustomizationFile(folder);
  if (file === undefined) {
    throw new UsageError(`--kustomize ${folder}: holds no kustomization.yaml; name the folder of an overlay`);
  }
  const real = realpathSync(folder);
  const display = posix(trimEnd(folder, '/'));
  const name = {
    file: display === '.' ? file : `${display}/${file}`,
    name: [sourceName(folder), file].filter((part) => part !== '').join('/'),
    isNamed: true,
  };
  return { folder: display, real, top: topOf(real) ?? real, name };
}

/** The words of kustomize with the paths of a tree as the user knows them. */
function inTree(reason: string, top: string): string {
  return reason.replaceAll(`${top}/`, '').replaceAll(top, '.');
}

const source = (name: SourceName, bytes: Uint8Array): Source => ({ ...name, read: () => readBytes(name, bytes) });

/** Builds a kustomization as it lies in the work tree. */
export function build({ real, top, name }: Kustomization): Built {
  const result = runKustomize(real, top);
  if (result.ok) return { sources: [source(name, result.bytes)], findings: [] };
  const problem = `must build: ${inTree(result.reason, top)}`;
  const remedy =
    'correct what kustomize names; what needs the network, plugins or charts is built by you: kustomize build FOLDER | ballast validate -';
  return { sources: [], findings: [fileFinding(name.file, { rule: 'kustomize-build', problem, remedy })] };
}

function notCompared({ name }: Kustomization, problem: string, remedy: string): Built {
  return { sources: [], findings: [fileFinding(name.file, { rule: 'file-not-compared', problem, remedy })] };
}

function buildIn(tree: string, { commit, below }: Place, kustomization: Kustomization): Built {
  const missing = writeTree(commit, tree);
  const folder = join(tree, below);
  const result =
    kustomizationFile(folder) === undefined
      ? { ok: false as const, reason: 'the folder holds no kustomization.yaml' }
      : runKustomize(realpathSync(folder), kustomization.top);
  if (result.ok) return { sources: [source(kustomization.name, result.bytes)], findings: [] };
  const submodules = missing.length === 0 ? '' : ` (submodules that are not here: ${missing.join(', ')})`;
  return notCompared(
    kustomization,
    `must be comparable: at ${commit.revision} it does not build: ${inTree(result.reason, tree)}${submodules}`,
    'mend it there first, or compare with a build of your own: --previous FILE',
  );
}

/**
 * Builds a kustomization as it was at a revision, in a private copy of the whole tree. One that was not there yet has nothing to compare
 * with, which a warning says.
 */
export function buildAt(revision: string, kustomization: Kustomization): Built {
  const place = baseOf(revision, kustomization.folder);
  const { commit, below } = place;
  // What lies in a submodule has the entry of the submodule.
  if (entryAt(commit, below)) return inTemporaryFolder('tree', (tree) => buildIn(tree, place, kustomization));
  const finding = {
    rule: 'file-not-compared',
    severity: 'warning' as const,
    problem: `was not there at ${commit.revision}, so that all its objects count as new`,
    remedy: 'when the folder was moved, build the old one and compare with that: --previous FILE',
  };
  return { sources: [], findings: [fileFinding(kustomization.name.file, finding)] };
}
