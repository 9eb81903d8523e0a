import { identityKey } from '../../database/object.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import type { BuiltObject, ParsedSource } from '../../review/origins.ts';
import { placeInSource } from '../../review/origins.ts';

/** A file of the work tree that a build read. */
export interface SourceFile {
  /** Its name in messages. */
  readonly file: string;
  /** Its contents; absent when they are not YAML. */
  readonly parsed?: ParsedSource;
}

/** A text that a program wrote, whose own lines help nobody. */
export interface Stream {
  /** Its names in messages, now and at a revision. */
  readonly files: readonly string[];
  /** Its objects, by identity. */
  readonly objects: () => ReadonlyMap<string, BuiltObject>;
  /** The kustomization that it was built from; absent when nobody knows. */
  readonly kustomization?: {
    readonly folder: string;
    /** The file of a path that kustomize noted; undefined when it is none of the work tree. */
    readonly sourceFile: (path: string) => SourceFile | undefined;
  };
}

const START = { line: 1, column: 1 };

const identityOf = ({ kind, namespace, name }: LocatedFinding): string => `${kind} ${namespace}/${name}`;

function fromOf({ path, repository }: Partial<BuiltObject>): string {
  if (path === undefined) return '';
  return `, from ${path}${repository === undefined ? '' : ` of ${repository}`}`;
}

/** A finding in a build, at its place in the files that it was built from: the line, or else the file that changed the value. */
function inBuild(
  finding: LocatedFinding,
  object: BuiltObject | undefined,
  { folder, sourceFile }: NonNullable<Stream['kustomization']>,
): LocatedFinding {
  const context = `${identityOf(finding)}, built from ${folder}`;
  const { path, repository, changedIn } = object ?? {};
  const source = path === undefined || repository !== undefined ? undefined : sourceFile(path);
  if (!object || !source) return { ...finding, ...START, context: `${context}${fromOf(object ?? {})}` };
  const place = source.parsed && placeInSource(finding, object, source.parsed);
  if (!place) return { ...finding, ...START, file: source.file, context };
  const { line, column, isChanged } = place;
  if (!isChanged) return { ...finding, file: source.file, line, column, context };
  const file = (changedIn === undefined ? undefined : sourceFile(changedIn)?.file) ?? finding.file;
  return { ...finding, ...START, file, context: `${context}; it changes ${source.file}:${line}` };
}

/**
 * Findings about streams, with the object that each is about, and with its place in the files of a build where kustomize noted them. A
 * stream that came from elsewhere keeps its own lines.
 */
export function explained(findings: readonly LocatedFinding[], streams: readonly Stream[]): LocatedFinding[] {
  const byFile = new Map(streams.flatMap((stream) => stream.files.map((file) => [file, stream] as const)));
  const known = new Map<Stream, ReadonlyMap<string, BuiltObject>>();
  return findings.map((finding) => {
    const stream = byFile.get(finding.file);
    if (!stream) return finding;
    if (finding.kind === '' || finding.name === '') return { ...finding, ...(stream.kustomization && START) };
    const objects = known.get(stream) ?? stream.objects();
    known.set(stream, objects);
    const object = objects.get(identityKey(finding));
    if (stream.kustomization) return inBuild(finding, object, stream.kustomization);
    return { ...finding, context: `${identityOf(finding)}${fromOf(object ?? {})}` };
  });
}
