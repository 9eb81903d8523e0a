import pc from 'picocolors';
import type { LocatedFinding } from '../../review/located-finding.ts';
import type { Counts } from '../../review/review.ts';
import { VERSION } from '../version.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { plural, summaryLine, textReport } from './text.ts';

/** The formats of reports. */
export const REPORT_FORMATS = ['text', 'json', 'github', 'sarif', 'junit'] as const;
/** One of these formats. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Enables colours on terminals only. */
export function colorsFor(stream: { readonly isTTY?: boolean }): ReturnType<typeof pc.createColors> {
  return pc.createColors(stream.isTTY === true && pc.isColorSupported);
}

/** Formats findings for stdout. */
export async function formatReport(
  format: ReportFormat,
  findings: readonly LocatedFinding[],
  counts: Counts,
): Promise<string> {
  if (format === 'json') return jsonReport(findings);
  if (format === 'github') return githubReport(findings);
  if (format === 'junit') return junitReport(findings, counts.files);
  if (format === 'text') return textReport(findings, colorsFor(process.stdout));
  const { sarifReport } = await import('./sarif.ts');
  return sarifReport(findings, VERSION);
}

/** The exit code of a refused tree: 1, or 2 when a file could not be read. */
export function exitCode(findings: readonly { severity: string; rule: string }[]): number {
  if (findings.some(({ rule }) => rule === 'file-unreadable')) return 2;
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** The closing line for stderr; names the settings file, when there is one. */
export function closingLine(
  findings: readonly LocatedFinding[],
  { objects, files, rendered, assumed, namespace }: Counts,
  settingsFile?: string,
): string {
  const leftOut = rendered > 0 ? ` (${plural(rendered, 'rendered file')} left out)` : '';
  const places = assumed > 0 ? `; namespace ${namespace} assumed for ${plural(assumed, 'object')}` : '';
  const settings = settingsFile === undefined ? '' : `; settings of ${settingsFile}`;
  return `${summaryLine(findings, objects, files)}${leftOut}${places}${settings}\n`;
}
