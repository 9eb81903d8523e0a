import type { LocatedFinding } from './located-finding.ts';
import type { LocatedSummary } from './entry.ts';
import type { OtherObject } from './names-taken.ts';

/** A text to review, with the findings about the bytes that it was decoded from. */
export interface SourceText {
  /** Undefined when the bytes are not text. */
  readonly text?: string;
  readonly findings: readonly LocatedFinding[];
}

/** The name of a source: a file of the tree or of a revision, or the standard input. */
export interface SourceName {
  /** Name in messages, and the path to read unless the source is the standard input. */
  readonly file: string;
  /** Path from the root of its tree, as the headers of rendered files show it. */
  readonly name: string;
  /** Whether the user named it. In a file found in a folder only Ballast objects count. */
  readonly isNamed: boolean;
  /** Whether objects of other kinds count as well, so that a file that cannot be read is never passed over. */
  readonly isWhole?: boolean;
}

/** A source of objects. */
export interface Source extends SourceName {
  /** Reads its text; undefined for a file that Ballast rendered, which is not a source. */
  readonly read: () => SourceText | undefined;
  /** The result of an earlier run, when the source has not changed since. */
  readonly summary?: FileSummary;
}

/** The part of one file that the rules about the whole tree read: the only part kept from run to run. */
export interface FileSummary {
  /** The Ballast objects. */
  readonly objects: readonly LocatedSummary[];
  /** Foreign manifests whose names Ballast may give. */
  readonly others: readonly OtherObject[];
  readonly findings: readonly LocatedFinding[];
  /** Whether Ballast rendered it. */
  readonly isRendering?: boolean;
}

/** A text that every file with a Ballast object contains. */
const OURS = /db\.example\.com|\bkind["']?[ \t]{0,8}:[ \t]{0,8}["']?Database/;

/** Whether a text may hold a Ballast object, judged by its words. */
export function mayHoldOurs(text: string): boolean {
  return OURS.test(text);
}
