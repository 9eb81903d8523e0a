import type { LocatedFinding } from '../../review/located-finding.ts';

/** Formats all findings as one JSON array; `[]` when there are none. */
export function jsonReport(findings: readonly LocatedFinding[]): string {
  const rows = findings.map(({ file, line, column, kind, namespace, name, path, severity, rule, problem, remedy }) => ({
    file,
    line,
    column,
    kind,
    namespace,
    name,
    path,
    severity,
    rule,
    problem,
    remedy,
  }));
  return `${JSON.stringify(rows, null, rows.length > 0 ? 2 : 0)}\n`;
}
