import type { Finding, Path } from '../finding.ts';
import { unquotedScalars } from './scalars-of.ts';

/** A number that YAML reads in base eight. */
const OCTAL = /^[-+]?0[0-7_]*[1-7][0-7_]*$/;
const MAYBE_OCTAL = /[\s:[,-][-+]?0[0-7_]/;

function octalNumbers(text: string, document: number): Finding[] {
  if (!MAYBE_OCTAL.test(text)) return [];
  return unquotedScalars(text, document)
    .filter(({ source }) => OCTAL.test(source))
    .map(({ path, source }) => {
      const digits = source.replace(/^[-+]?0[0_]*/, '').replaceAll('_', '');
      const value = Number.parseInt(digits, 8);
      return {
        rule: 'yaml-octal-number',
        severity: 'error',
        path,
        problem: `must not be written ${source}: YAML reads that in base eight, as ${value}`,
        remedy: `quote it ("${source}"), or write ${value} or ${digits}`,
      };
    });
}

function forbiddenKeys(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    return name === '__proto__' ? [at] : forbiddenKeys(child, at);
  });
}

/** What a document says that means something else than it looks like, though it is valid YAML. */
export function findTraps(text: string, document: number, value: unknown): Finding[] {
  const keys = text.includes('__proto__') ? forbiddenKeys(value, []) : [];
  const forbidden = keys.map((path): Finding => ({
    rule: 'yaml-forbidden-key',
    severity: 'error',
    path,
    problem: 'must not have a key named __proto__',
    remedy: 'remove it',
  }));
  return [...forbidden, ...octalNumbers(text, document)];
}

/** Says in a finding about a number or boolean how it was written, when YAML made another value of it. */
export function explainReading(finding: Finding, unquoted: string | undefined): Finding {
  const { rule, value, problem, remedy } = finding;
  const misread = typeof value === 'number' || typeof value === 'boolean';
  if (!misread || unquoted === undefined || unquoted === String(value)) return finding;
  const quote = rule !== 'schema-enum' && remedy.startsWith('quote it') ? { remedy: `quote it: "${unquoted}"` } : {};
  return { ...finding, problem: `${problem} (YAML reads the unquoted ${unquoted} as ${String(value)})`, ...quote };
}
