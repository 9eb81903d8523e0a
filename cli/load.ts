import { readFileSync } from 'node:fs';
import type { SourceFile } from './files.ts';
import { listFiles, mayHoldOurs, readBytes } from './files.ts';
import type { LocatedFinding } from './located.ts';
import { inOrder } from './located.ts';
import type { OtherObject } from './names-taken.ts';
import { checkNames, othersIn } from './names-taken.ts';
import type { Progress } from './progress.ts';
import { STDIN_NAME } from './root.ts';
import type { Counts } from './report/report.ts';
import { decodeText } from './text.ts';
import type { Past } from './revision.ts';
import { checkMerged, checkRemoved, isLeftOut, readPast } from './revision.ts';
import { misplacedSettings } from './settings.ts';
import type { Entry, FileContent, Foreign, ReadOptions, TreeMember } from './tree.ts';
import { checkFile, checkTree, memberOf, mergedMemberOf, unreadable } from './tree.ts';

/** What is to be read, and how. */
export interface LoadOptions {
  /** Files and folders; `-` is the standard input. */
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly now: Date;
  /** The git revision that the tree is compared with. */
  readonly against?: string;
  readonly progress: Progress;
  /** The folder that is written to; it is not read. */
  readonly out?: string;
  /** What is known of a file without reading it. */
  readonly known?: (file: SourceFile) => Known | undefined;
}

/** What a file that need not be read again brings to the tree. */
export interface Known {
  readonly members: readonly TreeMember[];
  /** Manifests of others that bear a name which Ballast may give. */
  readonly others: readonly OtherObject[];
  readonly findings: readonly LocatedFinding[];
}

/** A file that was read in this run. */
export interface LoadedFile extends FileContent {
  readonly file: SourceFile;
  readonly members: readonly TreeMember[];
  readonly others: readonly OtherObject[];
  /** Whether it was left out, because Ballast rendered it. */
  readonly rendered?: boolean;
}

/** A tree of files, read and checked. */
export interface Tree {
  readonly entries: readonly Entry[];
  readonly foreign: readonly Foreign[];
  readonly findings: readonly LocatedFinding[];
  /** The files that were read, with what each holds; a file that was known already is not among them. */
  readonly loaded: readonly LoadedFile[];
  readonly counts: Counts;
  /** What the tree was compared with. */
  readonly past?: Past;
}

const STDIN: SourceFile = { path: '-', display: '<stdin>', source: STDIN_NAME };

/** Files by name, kept only while they may be needed to place a finding. */
type Bytes = ReadonlyMap<string, Uint8Array>;

function textReader(kept: Bytes): (file: string) => string {
  return (file) => decodeText(file, kept.get(file) ?? readFileSync(file)).text ?? '';
}

/**
 * What a file that was found in a folder holds, as far as it is our business: templates and settings of other programs, which
 * are often no YAML, are not; settings of ours in a place where they do not count are.
 */
function aboutUs(file: SourceFile, bytes: Uint8Array, content: FileContent): FileContent {
  if (file.walked !== true) return content;
  const misplaced = misplacedSettings(file.display, content.foreign);
  if (misplaced) return { ...content, findings: [...content.findings, misplaced] };
  const isUnread = content.findings.length > 0 && content.entries.length === 0;
  return isUnread && !mayHoldOurs(bytes) ? { ...content, findings: [], isUnclear: false } : content;
}

/** Reads one file and checks it; a file that cannot be read is a finding. */
function loadFile(
  file: SourceFile,
  { namespace, requireNamespace, now }: Omit<LoadOptions, 'paths' | 'exclude'>,
  kept: Bytes,
  past: Past | undefined,
): LoadedFile {
  const bytes = kept.get(file.display) ?? readBytes(file);
  const nothing = { file, members: [], others: [] };
  if (!(bytes instanceof Uint8Array)) return { ...nothing, ...unreadable([bytes]) };
  if (isLeftOut(file, bytes)) return { ...nothing, ...unreadable([]), isUnclear: false, rendered: true };
  const options: ReadOptions = { namespace, requireNamespace, now, ...(past && { past }) };
  const content = aboutUs(file, bytes, checkFile(file.display, file.source, bytes, options));
  const others = othersIn(content.foreign, file.display, namespace);
  const members = content.entries.flatMap((entry) => (past ? mergedMemberOf(entry, past) : [memberOf(entry)]));
  return { file, members, others, ...content };
}

/** Lists the files that the paths stand for. */
function sourcesOf({
  paths,
  exclude,
  out,
}: Pick<LoadOptions, 'paths' | 'exclude' | 'out'>): ReturnType<typeof listFiles> {
  const { files, findings } = listFiles(
    paths.filter((path) => path !== '-'),
    { exclude, ...(out !== undefined && { out }) },
  );
  return { files: paths.includes('-') ? [STDIN, ...files] : files, findings };
}

function countsOf(seen: {
  readonly members: readonly TreeMember[];
  readonly loaded: readonly LoadedFile[];
  readonly files: number;
  readonly namespace: string;
}): Counts {
  const { members, loaded, files, namespace } = seen;
  const rendered = loaded.filter((file) => file.rendered).length;
  const assumed = members.filter(({ summary }) => summary.isAssumed).length;
  return { objects: members.length, files: files - rendered, rendered, assumed, namespace };
}

/** Reads and checks everything under the paths: each object, all of them together, and against a revision the change. */
export function loadTree(options: LoadOptions): Tree {
  const { against } = options;
  const past = against === undefined ? undefined : readPast({ ...options, against });
  const listing = sourcesOf(options);
  const kept = new Map(options.paths.includes('-') ? [[STDIN.display, readFileSync(0)]] : []);
  const findings = [...(past?.findings ?? []), ...listing.findings];
  const members: TreeMember[] = [];
  const others: OtherObject[] = [];
  const loaded: LoadedFile[] = [];
  const take = (known: Known): void => {
    members.push(...known.members);
    others.push(...known.others);
    findings.push(...known.findings);
  };
  for (const file of listing.files) {
    options.progress.step(listing.files.length);
    const known = options.known?.(file);
    if (known) {
      take(known);
      continue;
    }
    const content = loadFile(file, options, kept, past);
    take(content);
    loaded.push(content);
  }
  findings.push(...(past ? checkMerged(members, past, textReader(kept)) : checkTree(members, textReader(kept))));
  findings.push(...checkNames(members, others, textReader(kept)));
  const unclear = new Set(loaded.filter(({ isUnclear }) => isUnclear).map(({ file }) => file.display));
  if (past) findings.push(...checkRemoved(members, past, { now: options.now, unclear }));
  return {
    entries: loaded.flatMap(({ entries }) => entries),
    foreign: loaded.flatMap(({ foreign }) => foreign),
    findings: inOrder(findings),
    loaded,
    counts: countsOf({ members, loaded, files: listing.files.length, namespace: options.namespace }),
    ...(past && { past }),
  };
}
