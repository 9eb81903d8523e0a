import type { LocatedFinding } from '../../review/located-finding.ts';
import { builtObjects } from '../../review/origins.ts';
import type { SourceTree } from '../../review/review.ts';
import type { Source } from '../../review/source.ts';
import type { Kustomization } from '../kustomize/build.ts';
import { build, buildAt, findKustomization } from '../kustomize/build.ts';
import { buildStream } from '../kustomize/origins.ts';
import type { TreeOptions } from '../options.ts';
import type { Stream } from './explained.ts';
import { previousFiles } from './previous-files.ts';
import type { PreviousSources } from './revision.ts';
import { previousSources, sidesAt } from './revision.ts';
import type { SourceOptions } from './sources.ts';
import { sourcesOf } from './sources.ts';
import { STDIN } from './standard-input.ts';

/** The sources of a command, those that they are compared with, and those of both that a program wrote. */
export interface Sides {
  readonly tree: SourceTree;
  readonly previous?: PreviousSources | undefined;
  readonly streams: readonly Stream[];
}

/** The options that say what is read, and how. */
type SidesOptions = Pick<TreeOptions, 'namespace' | 'against' | 'previous' | 'kustomize'> & SourceOptions;

const isError = ({ severity }: LocatedFinding): boolean => severity === 'error';

/** The builds of a kustomization at the revision and at the last common commit. */
function previousBuilds(against: string, kustomization: Kustomization): PreviousSources {
  return sidesAt(against, [kustomization.folder], {
    theirs: (revision) => buildAt(revision, kustomization),
    base: (revision) => {
      const { sources, findings } = buildAt(revision, kustomization);
      // That it was not there before the revision either needs no word.
      return { sources, findings: findings.filter(isError) };
    },
  });
}

/** The side before the change, if the user names one. */
function before(
  { against, previous, paths }: SidesOptions,
  atRevision: (revision: string) => PreviousSources,
): PreviousSources | undefined {
  if (previous !== undefined) return previousFiles(previous, paths);
  return against === undefined ? undefined : atRevision(against);
}

/** A source as a stream: it may hold notes of kustomize. */
function streamOf({ file, read }: Source, namespace: string): Stream {
  return { files: [file], objects: () => builtObjects(read()?.text ?? '', namespace) };
}

function buildSides(folder: string, options: SidesOptions): Sides {
  const kustomization = findKustomization(folder);
  const built = build(kustomization);
  // What does not build removes nothing.
  const isComparable = built.sources.length > 0;
  const previous = isComparable ? before(options, (against) => previousBuilds(against, kustomization)) : undefined;
  const old = options.previous === undefined ? [] : (previous?.theirs ?? []);
  const streams = [
    buildStream(kustomization, options.namespace, options.against),
    ...old.map((source) => streamOf(source, options.namespace)),
  ];
  return { tree: built, previous, streams };
}

/** Finds both sides: under the paths or in the build of a kustomization, and at the revision or in the files before the change. */
export function sidesOf(options: SidesOptions): Sides {
  const { paths, exclude, kustomize, namespace } = options;
  if (kustomize !== undefined) return buildSides(kustomize, options);
  const previous = before(options, (against) => previousSources(against, paths, exclude));
  const tree = sourcesOf(options);
  if (options.previous === undefined && !paths.includes('-')) return { tree, previous, streams: [] };
  const sources = [...tree.sources];
  const written = options.previous === undefined ? sources.filter(({ file }) => file === STDIN.file) : sources;
  const old = options.previous === undefined ? [] : (previous?.theirs ?? []);
  const streams = [...old, ...written].map((source) => streamOf(source, namespace));
  return { tree: { ...tree, sources }, previous, streams };
}
