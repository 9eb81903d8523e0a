import type { TreeOptions } from '../options.ts';
import type { ReportFormat } from '../report/report.ts';
import { closingLine, exitCode, formatReport } from '../report/report.ts';
import { reviewPaths } from '../review-paths.ts';
import { loadSettings } from '../settings.ts';

/** Checks every Ballast object under the paths and reports all findings. Returns the exit code. */
export async function validate(
  paths: readonly string[],
  options: TreeOptions & { readonly format: ReportFormat },
): Promise<number> {
  const installation = loadSettings(options.settings, paths);
  const { review, findings } = reviewPaths(paths, installation, options);
  process.stdout.write(await formatReport(options.format, findings, review.counts));
  process.stderr.write(closingLine(findings, review.counts, installation.file));
  return exitCode(findings);
}
