import type { Manifest } from '../../generator/metadata.ts';
import type { LoadOptions, Tree } from '../load.ts';
import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { OutputFolder, header } from '../output.ts';
import { createProgress } from '../progress.ts';
import { foreignPath, manifestText, manifestsOf, outputPath } from '../rendered.ts';
import { closingLine, colorsFor } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import type { LoadedSettings } from '../settings.ts';
import { loadSettings } from '../settings.ts';
import type { TreeOptions } from './validate.ts';
import { exitCode } from './validate.ts';

/** Options of `ballast generate`. */
export interface GenerateOptions extends TreeOptions {
  readonly out?: string;
  readonly format: 'yaml' | 'json';
  readonly includeOthers: boolean;
}

function print(tree: Tree, { settings }: LoadedSettings, { format, includeOthers }: GenerateOptions): void {
  const others = includeOthers ? tree.foreign.map(({ value }) => value as unknown as Manifest) : [];
  if (format === 'json') {
    const all = tree.entries.flatMap(({ object }) => manifestsOf(object, settings));
    process.stdout.write(manifestText([...all, ...others], 'json'));
    return;
  }
  for (const { object } of tree.entries) process.stdout.write(manifestText(manifestsOf(object, settings), 'yaml'));
  process.stdout.write(manifestText(others, 'yaml'));
}

function write(tree: Tree, { settings }: LoadedSettings, options: GenerateOptions, out: string): string {
  const { format } = options;
  const folder = new OutputFolder(out);
  // JSON has no comments: its files are told apart by a file of the same name only.
  const first = (source: string): string => (format === 'yaml' ? header(source) : '');
  for (const entry of tree.entries) {
    const text = manifestText(manifestsOf(entry.object, settings), format);
    folder.put(outputPath(entry, format), `${first(entry.source)}${text}`);
  }
  for (const foreign of options.includeOthers ? tree.foreign : []) {
    const path = foreignPath(foreign, options.namespace, format);
    if (path !== undefined)
      folder.put(path, `${first(foreign.source)}${manifestText([foreign.value as unknown as Manifest], format)}`);
  }
  const { written, unchanged, removed } = folder.finish();
  return `${written} files written, ${unchanged} unchanged, ${removed} removed in ${out}\n`;
}

/** Renders every Database under the paths, all or nothing: an error anywhere, and nothing is written or printed. */
export function generate(paths: readonly string[], options: GenerateOptions): number {
  const progress = createProgress('checked', process.stderr, Date.now);
  const settings = loadSettings(options.settings, paths);
  const load: LoadOptions = { ...options, paths, now: new Date(), progress };
  const tree = loadTree(load);
  progress.end();
  const findings = [...settings.findings, ...tree.findings].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, { objects: tree.entries.length, files: tree.files }));
  const code = exitCode(findings);
  if (code !== 0) {
    process.stderr.write('nothing was rendered\n');
    return code;
  }
  if (options.out === undefined) print(tree, settings, options);
  else process.stderr.write(write(tree, settings, options, options.out));
  return 0;
}
