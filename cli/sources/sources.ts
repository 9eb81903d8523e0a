import type { SourceTree } from '../../review/review.ts';
import type { Source, SourceName } from '../../review/source.ts';
import type { Cache } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { listFiles } from './list.ts';
import { readSource } from './read.ts';
import { standardInput } from './standard-input.ts';

/** The sources to read. */
export interface SourceOptions {
  /** Files and folders; `-` is the standard input. */
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  /** The output folder; it is not read. */
  readonly out?: string | undefined;
  /** Whether objects of other kinds count too. */
  readonly includeOthers?: boolean | undefined;
  readonly progress: Progress;
  /** The cache of unchanged files. */
  readonly cache?: Cache | undefined;
}

function fileSource(file: SourceName, cache: Cache | undefined): Source {
  const summary = cache?.summary(file.file);
  return { ...file, read: () => readSource(file), ...(summary && { summary }) };
}

/** The sources under the paths: listed at once, each read when it is needed. */
export function sourcesOf({ paths, exclude, out, includeOthers = false, progress, cache }: SourceOptions): SourceTree {
  const listing = listFiles(
    paths.filter((path) => path !== '-'),
    { exclude, includeOthers, ...(out !== undefined && { out }) },
  );
  const standard = paths.includes('-') ? [standardInput()] : [];
  const total = standard.length + listing.files.length;

  function* sources(): Generator<Source> {
    for (const source of standard) {
      progress.step(total);
      yield source;
    }
    for (const file of listing.files) {
      progress.step(total);
      yield fileSource(file, cache);
    }
  }

  return { sources: sources(), findings: listing.findings, ...(cache && { former: () => cache.former() }) };
}
