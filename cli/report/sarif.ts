import { ALL_RULES } from '../../policies/rules/index.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { messageOf } from './message.ts';

/** SARIF 2.1.0, for code scanning. */
export function sarifReport(findings: readonly LocatedFinding[], version: string): string {
  const used = new Set(findings.map(({ rule }) => rule));
  const rules = ALL_RULES.filter(({ id }) => used.has(id)).map(({ id, why, remedy, severity }) => ({
    id,
    shortDescription: { text: why },
    help: { text: remedy },
    defaultConfiguration: { level: severity },
  }));
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    level: finding.severity,
    message: { text: messageOf(finding) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: finding.file.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: finding.line, startColumn: finding.column },
        },
      },
    ],
  }));
  const driver = { name: 'ballast', version, rules };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
