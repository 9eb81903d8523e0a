import type { Finding, Path } from '../database/finding.ts';
import { describeProblem, formatPath, moreFindings, shortened } from '../database/finding.ts';
import type { Identity } from '../database/object.ts';
import { Places } from '../database/read/place.ts';
import { explainReading } from '../database/read/traps.ts';

/** A finding with its place in a file, as every report prints it. Lines and columns count from 1. */
export interface LocatedFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  /** The path in parts. */
  readonly steps: Path;
  readonly severity: 'error' | 'warning';
  readonly rule: string;
  readonly problem: string;
  readonly remedy: string;
  /** The object and its source, where the file does not tell: `Database shop/orders, built from overlays/prod`. */
  readonly context?: string;
}

/** The identity of a finding about a whole file. */
export const NO_OBJECT: Identity = { kind: '', namespace: '', name: '' };

/** The place of an object: its text, its document in that text, and its path in that document. */
export interface Origin {
  readonly file: string;
  readonly document: number;
  readonly base: Path;
}

/** Rules that object to the name of a field, whatever its value. */
const AT_KEY: ReadonlySet<string> = new Set([
  ...['schema-unknown-field', 'parameters-name', 'parameters-known', 'parameters-owned', 'parameters-twice'],
]);

/** Maximum length of an object's name. */
const LONGEST_NAME = 253;

/** Gives a finding about an object its place in the object's text. */
export function placeFinding(finding: Finding, about: Identity, origin: Origin, places: Places): LocatedFinding {
  const { unquoted, ...value } = places.find(origin.document, [...origin.base, ...finding.path]);
  const { line, column } = AT_KEY.has(finding.rule) ? value.key : value;
  const explained = explainReading(finding, unquoted);
  const { severity, rule, remedy } = explained;
  const { kind, namespace, name } = about;
  return {
    file: origin.file,
    line,
    column,
    kind: shortened(kind),
    namespace: shortened(namespace),
    name: shortened(name, LONGEST_NAME),
    path: formatPath(finding.path),
    steps: finding.path,
    severity,
    rule,
    problem: describeProblem(explained),
    remedy,
  };
}

/** A finding in a file whose text is no longer in memory. */
export interface UnplacedFinding {
  readonly finding: Finding;
  readonly about: Identity;
  readonly origin: Origin;
}

/** Gives findings their places; `textOf` reads each file once more. */
export function placeAll(found: readonly UnplacedFinding[], textOf: (file: string) => string): LocatedFinding[] {
  return [...Map.groupBy(found, ({ origin }) => origin.file)].flatMap(([file, inFile]) => {
    const places = new Places(textOf(file));
    return inFile.map(({ finding, about, origin }) => placeFinding(finding, about, origin, places));
  });
}

/** A finding about a whole file. */
export function fileFinding(
  file: string,
  finding: {
    rule: string;
    problem: string;
    remedy: string;
    severity?: 'error' | 'warning';
    line?: number;
    column?: number;
  },
): LocatedFinding {
  const { rule, problem, remedy, severity = 'error', line = 1, column = 1 } = finding;
  return { file, line, column, ...NO_OBJECT, path: '', steps: [], severity, rule, problem, remedy };
}

/** Compares findings by place, for sorting. */
export function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** Maximum number of findings reported per file. */
const MOST_FINDINGS = 1000;

/** The first findings of one file, sorted by place, and one more that counts the rest. */
function firstOf(findings: readonly LocatedFinding[]): LocatedFinding[] {
  const told = findings.slice(0, MOST_FINDINGS);
  const rest = findings.slice(MOST_FINDINGS);
  const last = told.at(-1);
  if (!last || rest.length === 0) return told;
  const severity = rest.some((finding) => finding.severity === 'error') ? 'error' : 'warning';
  const { file, line, column } = last;
  return [...told, fileFinding(file, { ...moreFindings(rest.length, severity), line, column })];
}

/** Sorts findings by place; keeps the first ones of each file and one that counts the rest. */
export function inOrder(findings: readonly LocatedFinding[]): LocatedFinding[] {
  return [...Map.groupBy(findings.toSorted(byPlace), ({ file }) => file).values()].flatMap(firstOf);
}
