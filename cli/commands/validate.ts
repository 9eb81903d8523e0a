import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { createProgress } from '../progress.ts';
import type { ReportFormat } from '../report/report.ts';
import { closingLine, formatReport } from '../report/report.ts';
import { loadSettings } from '../settings.ts';
import { settingsChangeFindings, settingsOf } from '../settings-change.ts';

/** Options that every command which reads a tree has. */
export interface TreeOptions {
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly exclude: readonly string[];
  readonly settings?: string;
  readonly against?: string;
}

/** Exit code of a refused tree; a file that could not be read is a failure of its own kind. */
export function exitCode(findings: readonly { severity: string; rule: string }[]): number {
  if (findings.some(({ rule }) => rule === 'file-unreadable')) return 2;
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** Checks every Ballast object under the paths and reports all that is wrong. Gives the exit code. */
export async function validate(
  paths: readonly string[],
  options: TreeOptions & { readonly format: ReportFormat },
): Promise<number> {
  const progress = createProgress('checked', process.stderr, Date.now);
  const settings = loadSettings(options.settings, paths);
  const tree = loadTree({ ...options, paths, now: new Date(), progress });
  progress.end();
  const both = settingsOf(tree, settings.settings, { ...options, paths });
  const changed = settingsChangeFindings(tree, both, settings.file);
  const findings = [...settings.findings, ...changed, ...tree.findings].sort(byPlace);
  process.stdout.write(await formatReport(options.format, findings, tree.counts));
  process.stderr.write(closingLine(findings, tree.counts, settings.file));
  return exitCode(findings);
}
