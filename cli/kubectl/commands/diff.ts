import type { Level } from '../../../generator/effects/effect.ts';
import { byPlace } from '../../../review/located-finding.ts';
import { review } from '../../../review/review.ts';
import type { Source, SourceText } from '../../../review/source.ts';
import { tellChange } from '../../commands/diff.ts';
import type { DiffFormat } from '../../diff/formats.ts';
import type { TreeOptions } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { loadSettings } from '../../settings.ts';
import { sourcesOf } from '../../sources/sources.ts';
import type { Target } from '../kubectl.ts';
import { Kubectl } from '../kubectl.ts';
import { resourceOf } from '../objects.ts';
import type { ReadKind } from '../stored-source.ts';
import { storedSource } from '../stored-source.ts';

/** Options of `kubectl ballast diff`. */
export interface ClusterDiffOptions extends TreeOptions {
  readonly format: DiffFormat;
  readonly failOn?: Level;
}

/** A source that is read once, however often it is asked. */
function readOnce(source: Source): Source {
  let text: { readonly read: SourceText | undefined } | undefined;
  return { ...source, read: () => (text ??= { read: source.read() }).read };
}

/** Shows what applying files does to the Databases of the cluster. What no file names is left out. */
export async function diff(target: Target, paths: readonly string[], options: ClusterDiffOptions): Promise<number> {
  const installation = loadSettings(options.settings, paths);
  const { settings } = installation;
  const now = new Date();
  const progress = createProgress('checked', process.stderr, Date.now);
  const tree = sourcesOf({ paths, exclude: options.exclude, progress });
  const files = { ...tree, sources: [...tree.sources].map(readOnce) };
  const { namespace, requireNamespace } = options;
  const judged = { namespace, requireNamespace, now };
  const { entries } = review(files, undefined, judged);
  progress.end();
  const read: ReadKind = (kind, namespace) => new Kubectl({ ...target, namespace }).read([resourceOf(kind)]);
  const stored = await storedSource(
    entries.map(({ object }) => object),
    read,
  );
  const reviewed = review(files, { revision: 'the cluster', theirs: [stored] }, judged);
  const findings = [...installation.findings, ...reviewed.findings].sort(byPlace);
  return tellChange(
    { review: reviewed, findings, settings: { old: settings, now: settings }, now },
    installation,
    options,
  );
}
