import type { LocatedFinding } from '../../review/located-finding.ts';
import { printableLine } from '../../database/printable-line.ts';
import { messageOf } from './message.ts';

/** XML 1.0 cannot contain these characters at all; plain text has no other control characters left. */
const NOT_IN_XML = /[\ufffe\uffff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

function xml(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd').replace(/[&<>"\n]/g, (char) => ESCAPES[char] ?? char);
}

/** JUnit XML: one test case per file with findings, failed when one of them is an error. */
export function junitReport(findings: readonly LocatedFinding[], files: number): string {
  const byFile = Map.groupBy(findings, ({ file }) => file);
  const cases = [...byFile].map(([file, found]) => {
    const lines = found.map((finding) => {
      const { line, column, severity, rule } = finding;
      return printableLine(`${line}:${column}: ${severity}: ${messageOf(finding)} (${rule})`);
    });
    const failed = found.some(({ severity }) => severity === 'error');
    const body = xml(lines.join('\n'));
    const inner = failed
      ? `<failure message="${xml(lines[0] ?? '')}">${body}</failure>`
      : `<system-out>${body}</system-out>`;
    return `    <testcase classname="ballast" name="${xml(printableLine(file))}">${inner}</testcase>\n`;
  });
  const failures = [...byFile.values()].filter((found) => found.some(({ severity }) => severity === 'error')).length;
  const tests = Math.max(files, cases.length);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="ballast" tests="${tests}" failures="${failures}">\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}
