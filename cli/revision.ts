import { identify, identityKey } from '../database/object.ts';
import { evaluate } from '../policies/evaluate.ts';
import { UsageError } from './errors.ts';
import type { SourceFile } from './files.ts';
import { filesAt } from './git/files-at.ts';
import { mergeBaseOf } from './git/merge-base.ts';
import type { LocatedFinding } from './located.ts';
import { fileFinding, placeAll } from './located.ts';
import { isRendered } from './output.ts';
import { decodeText } from './text.ts';
import type { Compared, Entry, TreeMember } from './tree.ts';
import { checkFile, checkTree, isAddition, memberOf } from './tree.ts';

/** What is compared with what. */
export interface CompareOptions {
  readonly against: string;
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly namespace: string;
  readonly now: Date;
}

/** What stood at the revision that a change is merged into, and at the commit that the change began from. */
export interface Past extends Compared {
  readonly revision: string;
  /** The last common commit, when it is another than the revision. */
  readonly baseId?: string;
  /** Texts of files of the revision, by the names that their entries have. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
  readonly findings: readonly LocatedFinding[];
}

/** A file in a folder that Ballast rendered is not a source; its objects stand in the source already. */
export function isLeftOut({ walked = false }: SourceFile, bytes: Uint8Array): boolean {
  return walked && isRendered(bytes);
}

/** Gathers the objects of a path at a revision. What could not be read then counts as not there: a fix must be able to pass. */
function gather(
  revision: string,
  path: string,
  { exclude, namespace, now }: CompareOptions,
  into: { readonly objects: Map<string, Entry>; readonly texts?: Map<string, Uint8Array> },
): readonly LocatedFinding[] {
  const { files, findings } = filesAt(revision, path, exclude);
  for (const { file, bytes } of files) {
    if (isLeftOut(file, bytes)) continue;
    const { entries } = checkFile(file.display, file.source, bytes, { namespace, now });
    for (const entry of entries) into.objects.set(identityKey(identify(entry.object)), entry);
    if (entries.length > 0) into.texts?.set(file.display, bytes);
  }
  return findings;
}

function unknownBase(path: string, revision: string): LocatedFinding {
  const problem = `is compared with ${revision} as it is: this clone has no one commit from which both went on, so what only ${revision} has counts as removed`;
  const remedy = 'fetch the history (fetch-depth: 0; git fetch --unshallow), or rebase on it';
  return fileFinding(path, { rule: 'file-not-compared', severity: 'warning', problem, remedy });
}

/** The objects of the last common commit of each path, when one of them began from another than the revision. */
function readBase(options: CompareOptions): Pick<Past, 'base' | 'baseId' | 'findings'> {
  const { against, paths } = options;
  const common = paths.map((path) => ({ path, ...mergeBaseOf(against, path) }));
  const findings = common.filter((one) => one.is === 'unknown').map(({ path }) => unknownBase(path, against));
  const older = common.find((one) => one.is === 'older');
  if (!older) return { findings };
  const base = new Map<string, Entry>();
  for (const one of common) gather(one.is === 'older' ? one.id : against, one.path, options, { objects: base });
  return { findings, base, baseId: older.id };
}

/** Reads what stood under the paths at the revision, and at the commit from which the work tree's own changes are counted. */
export function readPast(options: CompareOptions): Past {
  const { against, paths } = options;
  if (paths.includes('-')) throw new UsageError('--against cannot be used with the standard input');
  const theirs = new Map<string, Entry>();
  const texts = new Map<string, Uint8Array>();
  const notCompared = paths.flatMap((path) => gather(against, path, options, { objects: theirs, texts }));
  const { findings, ...common } = readBase(options);
  return { revision: against, theirs, texts, findings: [...notCompared, ...findings], ...common };
}

const keysOf = (members: readonly TreeMember[]): Set<string> =>
  new Set(members.map(({ summary }) => identityKey(summary)));

/** What only the revision has: somebody else added it, and the merge keeps it. */
function additions(past: Compared, present: ReadonlySet<string>): Entry[] {
  return [...past.theirs].flatMap(([key, entry]) => (!present.has(key) && isAddition(past, key) ? [entry] : []));
}

/** Checks the rules about all objects together, as they are after the merge. */
export function checkMerged(
  members: readonly TreeMember[],
  past: Past,
  textOf: (file: string) => string,
): LocatedFinding[] {
  // Their files may have other texts here: they are named as git names them.
  const prefix = `${past.revision}:`;
  const added = additions(past, keysOf(members)).map((entry) => {
    const { summary, origin } = memberOf(entry);
    return { summary, origin: { ...origin, file: `${prefix}${origin.file}` } };
  });
  const textThen = (file: string): string => pastText(past, file.slice(prefix.length));
  // Ours come last: of two that cannot be together the change is told, not what was there.
  return checkTree([...added, ...members], (file) => (file.startsWith(prefix) ? textThen(file) : textOf(file)));
}

function pastText({ texts }: Past, file: string): string {
  return decodeText(file, texts.get(file) ?? new Uint8Array()).text ?? '';
}

/** Checks that objects which were there before and are not any more may be deleted. */
export function checkDeletions(
  gone: readonly Entry[],
  context: { now: Date; textOf: (file: string) => string },
): LocatedFinding[] {
  const found = gone.flatMap(({ object, origin }) =>
    evaluate({ object, deleted: true }, { now: context.now }).map((finding) => ({
      finding: { ...finding, problem: `${finding.problem} (it was removed)` },
      about: identify(object),
      origin,
    })),
  );
  return placeAll(found, context.textOf);
}

/**
 * Checks that what the change removes may be deleted. What stood in one of the files that are unclear now is not known to be
 * gone: they have errors of their own, and the remedy of a deletion would take a protection away.
 */
export function checkRemoved(
  members: readonly TreeMember[],
  past: Past,
  { now, unclear }: { now: Date; unclear: ReadonlySet<string> },
): LocatedFinding[] {
  const present = keysOf(members);
  const gone = [...past.theirs].flatMap(([key, entry]) =>
    present.has(key) || isAddition(past, key) || unclear.has(entry.origin.file) ? [] : [entry],
  );
  return checkDeletions(gone, { now, textOf: (file) => pastText(past, file) });
}
