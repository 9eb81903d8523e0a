import type { Level } from '../../generator/effects/effect.ts';
import { isAsBadAs } from '../../generator/effects/effect.ts';
import { changesOf } from '../diff/changes.ts';
import type { TreeChange } from '../diff/changes.ts';
import { diffJson } from '../diff/json.ts';
import { diffMarkdown } from '../diff/markdown.ts';
import { diffText, levelText } from '../diff/text.ts';
import type { DiffFormat } from '../diff/formats.ts';
import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { createProgress } from '../progress.ts';
import { closingLine, colorsFor } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import { loadSettings } from '../settings.ts';
import { settingsChangeFindings, settingsOf } from '../settings-change.ts';
import type { TreeOptions } from './validate.ts';
import { exitCode } from './validate.ts';

/** How a change is shown, and from which level on the exit code is 1. */
export interface DiffOptions {
  readonly against: string;
  readonly format: DiffFormat;
  readonly failOn?: Level;
}

function formatDiff(change: TreeChange, format: DiffFormat): string {
  if (format === 'json') return diffJson(change);
  return format === 'markdown' ? diffMarkdown(change) : diffText(change, colorsFor(process.stdout));
}

/** Tells on stderr what comes to the level or worse; 1 when something does. */
function failOnLevel({ settings, objects }: TreeChange, limit: Level): number {
  const failing = [
    ...settings.map(({ level }) => ({ level, what: 'the settings' })),
    ...objects.map(({ level, kind, namespace, name }) => ({ level, what: `${kind} ${namespace}/${name}` })),
  ].filter(({ level }) => isAsBadAs(level, limit));
  const told = failing.map(({ level, what }) => `${what}: ${levelText(level)} (--fail-on ${limit})\n`);
  process.stderr.write(told.join(''));
  return failing.length === 0 ? 0 : 1;
}

/** Shows what a change does to the rendered manifests. A tree with errors is refused, as it is when rendering. */
export function diff(paths: readonly string[], options: TreeOptions & DiffOptions): number {
  const now = new Date();
  const progress = createProgress('checked', process.stderr, Date.now);
  const loaded = loadSettings(options.settings, paths);
  const { settings, file } = loaded;
  const tree = loadTree({ ...options, paths, now, progress });
  progress.end();
  const both = settingsOf(tree, settings, { ...options, paths });
  const changed = settingsChangeFindings(tree, both, file);
  const findings = [...loaded.findings, ...changed, ...tree.findings].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, tree.counts, file));
  const code = exitCode(findings);
  if (code !== 0) return code;
  const change = changesOf(tree, both, now);
  process.stdout.write(formatDiff(change, options.format));
  if (change.objects.length === 0) process.stderr.write('nothing changes in the rendered manifests\n');
  return options.failOn === undefined ? 0 : failOnLevel(change, options.failOn);
}
