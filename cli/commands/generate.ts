import { join } from 'node:path';
import { CAN_REMEMBER, Cache } from '../cache.ts';
import { UsageError } from '../errors.ts';
import type { LoadedFile, Tree } from '../load.ts';
import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { accountFindings } from '../standing-account.ts';
import { OutputFolder, listed } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { FileOptions, Format, RenderedFile } from '../rendered.ts';
import { isObject, manifestText, manifestsOf, renderedFiles } from '../rendered.ts';
import { closingLine, colorsFor } from '../report/report.ts';
import { plural, textReport } from '../report/text.ts';
import { scopesOf } from '../root.ts';
import { loadSettings } from '../settings.ts';
import { settingsChangeFindings, settingsOf } from '../settings-change.ts';
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
  /** Whether nothing is written, and what differs is told instead. */
  readonly check: boolean;
  /** Whether a run may remove more files than it keeps, or all of them. */
  readonly allowRemoval: boolean;
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
  readonly out: string;
  readonly folder: OutputFolder;
  readonly cache?: Cache;
}

function openTarget(out: string, paths: readonly string[], settings: Settings, options: GenerateOptions): Target {
  const folder = new OutputFolder(out);
  if (!options.cache || options.check || !CAN_REMEMBER || paths.includes('-')) return { out, folder };
  const { namespace, requireNamespace, exclude, format, includeOthers } = options;
  const given = { namespace, requireNamespace, exclude, format, includeOthers, settings };
  return { out, folder, cache: new Cache({ out, paths, given, now: new Date(), environment: process.env }) };
}

/** What a run is to do to the output folder. */
interface Plan {
  readonly contents: readonly { readonly content: LoadedFile; readonly files: readonly RenderedFile[] }[];
  /** How many files the folder will have of this run. */
  readonly kept: number;
  readonly leftovers: readonly string[];
  /** Files of Ballast's that were rendered from something else. */
  readonly others: number;
}

function planFor(
  loaded: readonly LoadedFile[],
  { folder, cache }: Target,
  options: FileOptions & { readonly scopes: readonly string[] },
): Plan {
  const contents = loaded.map((content) => ({ content, files: renderedFiles(content, options) }));
  const claims = [...(cache?.outputs() ?? []), ...contents.flatMap(({ files }) => files)];
  folder.claim(claims);
  const { files, others } = folder.leftovers(options.scopes);
  return { contents, kept: claims.length, leftovers: files, others };
}

/** Names what in the folder is not as this run would leave it; gives the exit code. */
function compare({ contents, leftovers }: Plan, { out, folder }: Target): number {
  const files = contents.flatMap((one) => one.files);
  const lines = [
    ...files.flatMap(({ path, text }) => {
      const difference = folder.difference(path, text());
      return difference === undefined ? [] : [`${difference}: ${join(out, path)}`];
    }),
    ...leftovers.map((path) => `left over: ${join(out, path)}`),
  ];
  for (const line of lines.sort()) process.stdout.write(`${line}\n`);
  const says =
    lines.length === 0 ? 'is up to date' : 'is not up to date; run ballast generate, and commit what it writes';
  process.stderr.write(`${out} ${says}\n`);
  return lines.length === 0 ? 0 : 1;
}

/** Whether so many removals look like a wrong path: more than stay, or all there is. */
const isMuch = ({ kept, leftovers }: Plan): boolean => leftovers.length > kept;

function refuseRemoval({ kept, leftovers }: Plan, out: string): number {
  const files = listed(leftovers.map((path) => join(out, path)));
  process.stderr.write(
    `nothing was written: ${plural(leftovers.length, 'file')} would be removed and ${kept} kept (${files}); ` +
      'check the paths, or pass --allow-removal when these Databases are to go\n',
  );
  return 1;
}

function write({ contents, leftovers, others }: Plan, { out, folder, cache }: Target): void {
  for (const { content, files } of contents) {
    for (const { path, text } of files) folder.put(path, text());
    cache?.learn(content.file, { ...content, outputs: files.map(({ path }) => path) });
  }
  const { written, unchanged, removed } = folder.remove(leftovers);
  cache?.save();
  const rest = others === 0 ? '' : `; ${plural(others, 'file')} of other sources left alone`;
  process.stderr.write(
    `${plural(written, 'file')} written, ${unchanged} unchanged, ${removed} removed in ${out}${rest}\n`,
  );
}

/** Renders every Database under the paths, all or nothing: an error anywhere, and nothing is written or printed. */
export function generate(paths: readonly string[], options: GenerateOptions): number {
  const progress = createProgress('checked', process.stderr, Date.now);
  if (options.check && options.out === undefined)
    throw new UsageError('--check needs --out, the folder to compare with');
  const loaded = loadSettings(options.settings, paths);
  const { settings, file } = loaded;
  const target = options.out === undefined ? undefined : openTarget(options.out, paths, settings, options);
  const known = target?.cache && { known: target.cache.known.bind(target.cache) };
  const tree = loadTree({ ...options, paths, now: new Date(), progress, ...known });
  progress.end();
  const accounts = options.out === undefined ? [] : accountFindings(tree.loaded, options.out, options.format);
  const changed = settingsChangeFindings(tree, settingsOf(tree, settings, { ...options, paths }), file);
  const findings = [...loaded.findings, ...changed, ...tree.findings, ...accounts].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, tree.counts, file));
  const code = exitCode(findings);
  if (code !== 0) {
    process.stderr.write('nothing was rendered\n');
    return code;
  }
  if (target === undefined) {
    print(tree, settings, options);
    return 0;
  }
  const plan = planFor(tree.loaded, target, { ...options, settings, scopes: scopesOf(paths) });
  if (options.check) return compare(plan, target);
  if (isMuch(plan) && !options.allowRemoval) return refuseRemoval(plan, target.out);
  write(plan, target);
  return 0;
}
