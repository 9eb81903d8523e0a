import type { LocatedFinding } from './located-finding.ts';
import type { LocatedSummary } from './entry.ts';
import type { OtherObject } from './names-taken.ts';

/** A text to review, and what was odd about the bytes that it was decoded from. */
export interface SourceText {
  /** Undefined when the bytes could not be read as text. */
  readonly text?: string;
  readonly findings: readonly LocatedFinding[];
}

/** By what a source is known: a file of the tree or of a revision, or the standard input. */
export interface SourceName {
  /** Its name in messages, by which it can be read too unless it is the standard input. */
  readonly file: string;
  /** Its name from the root of its tree, as the headers of rendered files have it. */
  readonly name: string;
  /** Whether the user asked for it by name. Of a file that was found in a folder only what is Ballast's counts. */
  readonly isNamed: boolean;
}

/** A source of objects. */
export interface Source extends SourceName {
  /** Gives its text; undefined for a file that Ballast rendered, which is no source. */
  readonly read: () => SourceText | undefined;
  /** What an earlier run found in it, when it has not changed since. */
  readonly summary?: FileSummary;
}

/** What the rules about the whole tree need to know of one file: all that is kept of it from run to run. */
export interface FileSummary {
  /** Its objects of Ballast's. */
  readonly objects: readonly LocatedSummary[];
  /** Manifests of others that bear a name which Ballast may give. */
  readonly others: readonly OtherObject[];
  readonly findings: readonly LocatedFinding[];
  /** Whether Ballast rendered it. */
  readonly isRendering?: boolean;
}

/** What is in a file that holds an object of ours. */
const OURS = /db\.example\.com|\bkind["']?[ \t]{0,8}:[ \t]{0,8}["']?Database/;

/** Whether a text may hold one of our objects, as far as its words can tell. */
export function mayHoldOurs(text: string): boolean {
  return OURS.test(text);
}
