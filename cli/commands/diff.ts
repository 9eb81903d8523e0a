import type { Level } from '../../generator/effects/effect.ts';
import { isAsBadAs } from '../../generator/effects/effect.ts';
import { changesOf } from '../diff/changes.ts';
import type { TreeChange } from '../diff/changes.ts';
import { diffJson } from '../diff/json.ts';
import { diffMarkdown } from '../diff/markdown.ts';
import { diffText, levelText } from '../diff/text.ts';
import type { DiffFormat } from '../diff/formats.ts';
import type { RenderedBefore } from '../diff/rendered-before.ts';
import { renderedAt } from '../diff/rendered-before.ts';
import { UsageError } from '../errors.ts';
import type { TreeOptions } from '../options.ts';
import { closingLine, colorsFor, exitCode } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import type { ReviewedPaths } from '../review-paths.ts';
import { reviewPaths } from '../review-paths.ts';
import type { InstallationSettings } from '../settings.ts';
import { loadSettings } from '../settings.ts';

/** The output format of a change, and the level from which on the exit code is 1. */
export interface DiffOptions {
  readonly format: DiffFormat;
  readonly failOn?: Level;
  /** The folder of `generate --out`, which is compared as it was at the revision. */
  readonly rendered?: string;
}

function formatDiff(change: TreeChange, format: DiffFormat): string {
  if (format === 'json') return diffJson(change);
  return format === 'markdown' ? diffMarkdown(change) : diffText(change, colorsFor(process.stdout));
}

/** Reports on stderr the effects of this level or worse; returns 1 when there are any. */
function failOnLevel({ settings, objects }: TreeChange, limit: Level): number {
  const failing = [
    ...settings.map(({ level }) => ({ level, what: 'the settings' })),
    ...objects.map(({ level, kind, namespace, name }) => ({ level, what: `${kind} ${namespace}/${name}` })),
  ].filter(({ level }) => isAsBadAs(level, limit));
  const told = failing.map(({ level, what }) => `${what}: ${levelText(level)} (--fail-on ${limit})\n`);
  process.stderr.write(told.join(''));
  return failing.length === 0 ? 0 : 1;
}

/** Tells a reviewed change: its findings, and unless they refuse it its effects. Returns the exit code. */
export function tellChange(
  { review, findings, settings, now }: ReviewedPaths,
  { file }: InstallationSettings,
  { format, failOn }: Pick<DiffOptions, 'format' | 'failOn'>,
  rendered?: RenderedBefore,
): number {
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, review.counts, file));
  const code = exitCode(findings);
  if (code !== 0) return code;
  const change = changesOf(review, settings, now, rendered);
  process.stdout.write(formatDiff(change, format));
  if (change.objects.length === 0) process.stderr.write('nothing changes in the rendered manifests\n');
  return failOn === undefined ? 0 : failOnLevel(change, failOn);
}

/** What the folder of --rendered held at the revision. */
function renderedBefore({ rendered, against }: TreeOptions & DiffOptions): RenderedBefore | undefined {
  if (rendered === undefined) return undefined;
  if (against === undefined)
    throw new UsageError('--rendered needs --against: the folder is compared as it was at the revision');
  return renderedAt(against, rendered);
}

/** Shows the effect of a change on the rendered manifests. A tree with errors is refused, as in `generate`. */
export function diff(paths: readonly string[], options: TreeOptions & DiffOptions): number {
  if (options.against === undefined && options.previous === undefined) {
    throw new UsageError('name what to compare with: --against REVISION, or --previous FILE');
  }
  const installation = loadSettings(options.settings, paths);
  const reviewed = reviewPaths(paths, installation, options);
  return tellChange(reviewed, installation, options, renderedBefore(options));
}
