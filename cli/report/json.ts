import type { LocatedFinding } from '../../review/located-finding.ts';

/** Formats all findings as one JSON array; `[]` when there are none. Only a finding in a build or a stream has a context. */
export function jsonReport(findings: readonly LocatedFinding[]): string {
  const rows = findings.map(
    ({ file, line, column, kind, namespace, name, path, severity, rule, problem, remedy, context }) => ({
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
      ...(context !== undefined && { context }),
    }),
  );
  return `${JSON.stringify(rows, null, rows.length > 0 ? 2 : 0)}\n`;
}
