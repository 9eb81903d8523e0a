import { join } from 'node:path';
import { listed } from '../../database/finding.ts';
import type { Settings } from '../../database/types.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Renderer } from '../../generator/renderer.ts';
import { rendererFor } from '../../generator/renderer.ts';
import type { FileReview } from '../../review/file-review.ts';
import { byPlace } from '../../review/located-finding.ts';
import type { Review } from '../../review/review.ts';
import { Cache, mayUseCache } from '../cache.ts';
import { UsageError } from '../errors.ts';
import { findKustomization } from '../kustomize/build.ts';
import type { TreeOptions } from '../options.ts';
import { OutputFolder } from '../output.ts';
import type { FileOptions, Format, RenderedFile } from '../rendered-files.ts';
import { isObject, manifestText, renderedFiles } from '../rendered-files.ts';
import { closingLine, colorsFor, exitCode } from '../report/report.ts';
import { plural, textReport } from '../report/text.ts';
import { reviewPaths } from '../review-paths.ts';
import { scopesOf } from '../root.ts';
import { loadSettings } from '../settings.ts';
import { accountFindings } from '../standing-account.ts';

/** Options of `ballast generate`. */
export interface GenerateOptions extends TreeOptions {
  readonly out?: string;
  readonly format: Format;
  readonly includeOthers: boolean;
  /** Whether files may stay unread that have not changed since the last run. */
  readonly cache: boolean;
  /** Whether to report the differences instead of writing files. */
  readonly check: boolean;
  /** Whether a run may remove more files than it keeps, or all of them. */
  readonly allowRemoval: boolean;
  /** Whether a tree without any Ballast object is refused. */
  readonly refuseEmpty?: boolean;
}

function print({ entries, foreign }: Review, renderer: Renderer, { format, includeOthers }: GenerateOptions): void {
  const others = includeOthers ? foreign.filter(isObject).map(({ value }) => value as unknown as Manifest) : [];
  if (format === 'json') {
    const all = entries.flatMap(({ object }) => renderer.manifests(object));
    process.stdout.write(manifestText([...all, ...others], 'json'));
    return;
  }
  for (const { object } of entries) process.stdout.write(manifestText(renderer.manifests(object), 'yaml'));
  process.stdout.write(manifestText(others, 'yaml'));
}

/** The output folder, and the cache of the run before. */
interface Target {
  readonly out: string;
  readonly folder: OutputFolder;
  readonly cache: Cache | undefined;
}

function openTarget(out: string, paths: readonly string[], settings: Settings, options: GenerateOptions): Target {
  const folder = new OutputFolder(out);
  if (!mayUseCache({ ...options, paths })) return { out, folder, cache: undefined };
  const { namespace, requireNamespace, exclude, format, includeOthers } = options;
  const given = { namespace, requireNamespace, exclude, format, includeOthers, settings };
  return { out, folder, cache: new Cache({ out, paths, given, now: new Date(), environment: process.env }) };
}

/** The changes that a run makes to the output folder. */
interface Plan {
  readonly rendered: readonly { readonly from: FileReview; readonly files: readonly RenderedFile[] }[];
  /** Number of files in the folder that this run renders. */
  readonly kept: number;
  readonly leftovers: readonly string[];
  /** Ballast's files in the folder that have other sources. */
  readonly others: number;
}

function planFor(
  reviews: readonly FileReview[],
  { folder, cache }: Target,
  options: FileOptions & { readonly scopes: readonly string[] },
): Plan {
  const rendered = reviews.map((from) => ({ from, files: renderedFiles(from, options) }));
  const read = new Set(reviews.map(({ file }) => file));
  const claims = [...(cache?.outputs(read) ?? []), ...rendered.flatMap(({ files }) => files)];
  folder.claim(claims);
  const { files, others } = folder.leftovers(options.scopes);
  return { rendered, kept: claims.length, leftovers: files, others };
}

/** Lists the differences between the folder and the result of this run; returns the exit code. */
function compare({ rendered, leftovers }: Plan, { out, folder }: Target): number {
  const files = rendered.flatMap((one) => one.files);
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

/** Whether the removals look like a wrong path: more files than stay, or all of them. */
const isMuch = ({ kept, leftovers }: Plan): boolean => leftovers.length > kept;

function refuseRemoval({ kept, leftovers }: Plan, out: string): number {
  const files = listed(leftovers.map((path) => join(out, path)));
  process.stderr.write(
    `nothing was written: ${plural(leftovers.length, 'file')} would be removed and ${kept} kept (${files}); ` +
      'check the paths, or pass --allow-removal when these Databases are to go\n',
  );
  return 1;
}

function write({ rendered, leftovers, others }: Plan, { out, folder, cache }: Target): void {
  for (const { from, files } of rendered) {
    for (const { path, text } of files) folder.put(path, text());
    cache?.store(
      from.file,
      from,
      files.map(({ path }) => path),
    );
  }
  const { written, unchanged, removed } = folder.remove(leftovers);
  cache?.save();
  const rest = others === 0 ? '' : `; ${plural(others, 'file')} of other sources left alone`;
  process.stderr.write(
    `${plural(written, 'file')} written, ${unchanged} unchanged, ${removed} removed in ${out}${rest}\n`,
  );
}

/** Writes the plan into the folder, or lists the differences; returns the exit code. */
function carryOut(plan: Plan, target: Target, { check, allowRemoval }: GenerateOptions): number {
  if (check) return compare(plan, target);
  if (isMuch(plan) && !allowRemoval) return refuseRemoval(plan, target.out);
  write(plan, target);
  return 0;
}

function refuseEmptyTree(paths: readonly string[]): number {
  process.stderr.write(
    `${paths.join(', ')}: there is no Database, and nothing was rendered, so that nothing is deleted; correct the path, or delete the ` +
      'Application if its Databases are to go\n',
  );
  return 1;
}

/** Renders every Database under the paths, all or nothing: with an error anywhere, nothing is written or printed. */
export function generate(paths: readonly string[], options: GenerateOptions): number {
  const { out, format, check } = options;
  if (check && out === undefined) throw new UsageError('--check needs --out, the folder to compare with');
  const installation = loadSettings(options.settings, paths);
  const { settings, file } = installation;
  const target = out === undefined ? undefined : openTarget(out, paths, settings, options);
  const { review, ...reviewed } = reviewPaths(paths, installation, { ...options, cache: target?.cache });
  const accounts = out === undefined ? [] : accountFindings(review.entries, out, format);
  const findings = [...reviewed.findings, ...accounts].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, review.counts, file));
  const code = exitCode(findings);
  if (code !== 0) {
    process.stderr.write('nothing was rendered\n');
    return code;
  }
  if (options.refuseEmpty && review.entries.length === 0) return refuseEmptyTree(paths);
  const objects = review.entries.map(({ object }) => object);
  const renderer = rendererFor(objects, settings);
  if (target === undefined) {
    print(review, renderer, options);
    return 0;
  }
  const { kustomize } = options;
  const scopes = kustomize === undefined ? scopesOf(paths) : [findKustomization(kustomize).name.name];
  return carryOut(planFor(review.files, target, { ...options, renderer, scopes }), target, options);
}
