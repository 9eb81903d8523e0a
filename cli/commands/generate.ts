import { CAN_REMEMBER, Cache } from '../cache.ts';
import type { LoadedFile, Tree } from '../load.ts';
import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { accountFindings } from '../standing-account.ts';
import type { Written } from '../output.ts';
import { OutputFolder } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Format } from '../rendered.ts';
import { isObject, manifestText, manifestsOf, renderedFiles } from '../rendered.ts';
import { closingLine, colorsFor } from '../report/report.ts';
import { plural, textReport } from '../report/text.ts';
import { loadSettings } from '../settings.ts';
import type { Settings } from '../../database/types.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { TreeOptions } from './validate.ts';
import { exitCode } from './validate.ts';

/** Options of `ballast generate`. */
export interface GenerateOptions extends TreeOptions {
  readonly out?: string;
  readonly format: Format;
  readonly includeOthers: boolean;
  /** Whether files that have not changed since the last run may be left as they are. */
  readonly cache: boolean;
}

function print(tree: Tree, settings: Settings, { format, includeOthers }: GenerateOptions): void {
  const others = includeOthers ? tree.foreign.filter(isObject).map(({ value }) => value as unknown as Manifest) : [];
  if (format === 'json') {
    const all = tree.entries.flatMap(({ object }) => manifestsOf(object, settings));
    process.stdout.write(manifestText([...all, ...others], 'json'));
    return;
  }
  for (const { object } of tree.entries) process.stdout.write(manifestText(manifestsOf(object, settings), 'yaml'));
  process.stdout.write(manifestText(others, 'yaml'));
}

/** Where a run writes to, and what it knows from the run before. */
interface Target {
  readonly folder: OutputFolder;
  readonly cache?: Cache;
}

function openTarget(out: string, paths: readonly string[], settings: Settings, options: GenerateOptions): Target {
  const folder = new OutputFolder(out);
  if (!options.cache || !CAN_REMEMBER || paths.includes('-')) return { folder };
  const { namespace, exclude, format, includeOthers } = options;
  const given = { namespace, exclude, format, includeOthers, settings };
  return { folder, cache: new Cache({ out, paths, given, now: new Date(), environment: process.env }) };
}

function write(
  loaded: readonly LoadedFile[],
  { folder, cache }: Target,
  options: Parameters<typeof renderedFiles>[1],
): Written {
  const known = cache?.outputs() ?? [];
  const planned = loaded.map((content) => ({ content, files: renderedFiles(content, options) }));
  const claims = planned.flatMap(({ content: { file }, files }) =>
    files.map(({ path }) => ({ path, source: file.display })),
  );
  folder.claim([...known, ...claims]);
  for (const { path } of known) folder.keep(path);
  for (const { content, files } of planned) {
    for (const { path, text } of files) folder.put(path, text());
    cache?.learn(content.file, { ...content, outputs: files.map(({ path }) => path) });
  }
  const written = folder.finish();
  cache?.save();
  return written;
}

/** Renders every Database under the paths, all or nothing: an error anywhere, and nothing is written or printed. */
export function generate(paths: readonly string[], options: GenerateOptions): number {
  const progress = createProgress('checked', process.stderr, Date.now);
  const { settings, findings: wrong } = loadSettings(options.settings, paths);
  const target = options.out === undefined ? undefined : openTarget(options.out, paths, settings, options);
  const known = target?.cache && { known: target.cache.known.bind(target.cache) };
  const tree = loadTree({ ...options, paths, now: new Date(), progress, ...known });
  progress.end();
  const accounts = options.out === undefined ? [] : accountFindings(tree.loaded, options.out, options.format);
  const findings = [...wrong, ...tree.findings, ...accounts].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, tree.counts));
  const code = exitCode(findings);
  if (code !== 0) {
    process.stderr.write('nothing was rendered\n');
    return code;
  }
  if (target === undefined) {
    print(tree, settings, options);
    return 0;
  }
  const { written, unchanged, removed } = write(tree.loaded, target, { ...options, settings });
  process.stderr.write(
    `${plural(written, 'file')} written, ${unchanged} unchanged, ${removed} removed in ${options.out}\n`,
  );
  return 0;
}
