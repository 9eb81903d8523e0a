import type { Finding, Path } from '../finding.ts';
import { moreFindings, shortened } from '../finding.ts';
import { unquotedScalars } from './scalars-of.ts';
import type { YamlText } from './yaml.ts';

/** A number that YAML reads as octal. */
const OCTAL = /^[-+]?0[0_]*[1-7][0-7_]*$/;
const MAYBE_OCTAL = /[\s:[,-][-+]?0[0-7_]/;

/** A text that YAML reads as another value than it suggests, with its document and path. */
export interface Trap {
  readonly document: number;
  readonly finding: Finding;
}

/** Whether the caller is interested in traps at a path of a document. */
export type Concerns = (document: number, path: Path) => boolean;

/** A detected trap; for a number's source the message is made only on demand. */
interface Seen {
  readonly document: number;
  readonly path: Path;
  readonly source: string;
}

function octalNumber({ path, source }: Seen): Finding {
  const digits = source.replace(/^[-+]?0[0_]*/, '').replaceAll('_', '');
  const value = Number.parseInt(digits, 8);
  const written = shortened(source);
  return {
    rule: 'yaml-octal-number',
    severity: 'error',
    path,
    problem: `must not be written ${written}: YAML reads that in base eight, as ${value}`,
    remedy: `quote it ("${written}"), or write ${value} or ${shortened(digits)}`,
  };
}

function forbiddenKey({ path }: Seen): Finding {
  const problem = 'must not have a key named __proto__';
  return { rule: 'yaml-forbidden-key', severity: 'error', path, problem, remedy: 'remove it' };
}

/** The paths of keys named __proto__; `at` is the path of the value, and is restored. */
function* forbiddenKeys(value: object, at: (string | number)[]): Generator<Path> {
  for (const [name, child] of Object.entries(value) as [string, unknown][]) {
    at.push(Array.isArray(value) ? Number(name) : name);
    if (name === '__proto__') yield [...at];
    else if (typeof child === 'object' && child !== null) yield* forbiddenKeys(child, at);
    at.pop();
  }
}

function* forbidden(values: readonly unknown[]): Generator<Seen> {
  for (const [document, value] of values.entries()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const path of forbiddenKeys(value, [])) yield { document, path, source: '' };
  }
}

/** Maximum number of traps of one sort per file; only an attack has more. */
const MOST_TRAPS = 1000;

function atMost(seen: Iterable<Seen>, concerns: Concerns, tell: (one: Seen) => Finding): Trap[] {
  const told: Trap[] = [];
  let first: Seen | undefined;
  let more = 0;
  for (const one of seen) {
    if (!concerns(one.document, one.path)) continue;
    if (told.length < MOST_TRAPS) {
      told.push({ document: one.document, finding: tell(one) });
      continue;
    }
    first ??= one;
    more += 1;
  }
  if (!first) return told;
  const { document, path } = first;
  return [...told, { document, finding: { ...moreFindings(more, 'error'), path } }];
}

/** Finds the parts of valid YAML that mean something else than they suggest, as far as the caller is interested. */
export function findTraps(text: string, { values, events }: YamlText, concerns: Concerns): Trap[] {
  return [
    ...(text.includes('__proto__') ? atMost(forbidden(values), concerns, forbiddenKey) : []),
    ...(MAYBE_OCTAL.test(text) ? atMost(unquotedScalars(text, events, OCTAL), concerns, octalNumber) : []),
  ];
}

/** Explains in a finding about a number or boolean how it was written, when YAML turned it into another value. */
export function explainReading(finding: Finding, unquoted: string | undefined): Finding {
  const { rule, value, problem, remedy } = finding;
  const misread = typeof value === 'number' || typeof value === 'boolean';
  if (!misread || unquoted === undefined || unquoted === String(value)) return finding;
  const written = shortened(unquoted);
  const quote = rule !== 'schema-enum' && remedy.startsWith('quote it') ? { remedy: `quote it: "${written}"` } : {};
  return { ...finding, problem: `${problem} (YAML reads the unquoted ${written} as ${String(value)})`, ...quote };
}
