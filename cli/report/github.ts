import type { LocatedFinding } from '../../review/located-finding.ts';
import { printableLine } from '../../database/printable-line.ts';
import { messageOf } from './message.ts';

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => printableLine(data(text).replaceAll(':', '%3A').replaceAll(',', '%2C'));

/** Workflow commands of GitHub Actions, which annotate the lines of a pull request. */
export function githubReport(findings: readonly LocatedFinding[]): string {
  return findings
    .map((finding) => {
      const { file, line, column, severity, rule } = finding;
      const place = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`;
      return `::${severity} ${place}::${data(printableLine(messageOf(finding)))}\n`;
    })
    .join('');
}
