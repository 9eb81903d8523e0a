import type { Colors } from 'picocolors/types.js';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { printableLine } from '../../database/printable-line.ts';
import { messageOf } from './message.ts';

/** One line: `file:line:column: error: path: problem; remedy (rule)`. */
function textLine(finding: LocatedFinding, colors: Colors): string {
  const { file, line, column, severity, rule } = finding;
  const place = colors.bold(`${printableLine(file)}:${line}:${column}:`);
  const weight = severity === 'error' ? colors.red('error:') : colors.yellow('warning:');
  return `${place} ${weight} ${printableLine(messageOf(finding))} ${colors.dim(`(${rule})`)}`;
}

/** All findings, each as a line with a line break. */
export function textReport(findings: readonly LocatedFinding[], colors: Colors): string {
  return findings.map((finding) => `${textLine(finding, colors)}\n`).join('');
}

/** A count with its word: `1 file`, `2 files`. */
export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The closing line: counts of objects and findings. */
export function summaryLine(findings: readonly LocatedFinding[], objects: number, files: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const found = `${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`;
  return `${plural(objects, 'object')} in ${plural(files, 'file')}: ${found}`;
}
