import type { Finding, Path } from '../finding.ts';
import { moreFindings, shortened } from '../finding.ts';
import { unquotedScalars } from './scalars-of.ts';

/** A number that YAML reads in base eight. */
const OCTAL = /^[-+]?0[0_]*[1-7][0-7_]*$/;
const MAYBE_OCTAL = /[\s:[,-][-+]?0[0-7_]/;

/** What means something else than it looks like, with its document and its path there. */
export interface Trap {
  readonly document: number;
  readonly finding: Finding;
}

function* octalNumbers(text: string): Generator<Trap> {
  if (!MAYBE_OCTAL.test(text)) return;
  for (const { document, path, source } of unquotedScalars(text, OCTAL)) {
    const digits = source.replace(/^[-+]?0[0_]*/, '').replaceAll('_', '');
    const value = Number.parseInt(digits, 8);
    const written = shortened(source);
    const finding: Finding = {
      rule: 'yaml-octal-number',
      severity: 'error',
      path,
      problem: `must not be written ${written}: YAML reads that in base eight, as ${value}`,
      remedy: `quote it ("${written}"), or write ${value} or ${shortened(digits)}`,
    };
    yield { document, finding };
  }
}

/** The paths of keys named __proto__; `at` is the path of the value, and is left as it was. */
function* forbiddenKeys(value: object, at: (string | number)[]): Generator<Path> {
  for (const [name, child] of Object.entries(value) as [string, unknown][]) {
    at.push(Array.isArray(value) ? Number(name) : name);
    if (name === '__proto__') yield [...at];
    else if (typeof child === 'object' && child !== null) yield* forbiddenKeys(child, at);
    at.pop();
  }
}

function* forbidden(text: string, values: readonly unknown[]): Generator<Trap> {
  if (!text.includes('__proto__')) return;
  const finding = { rule: 'yaml-forbidden-key', severity: 'error', remedy: 'remove it' } as const;
  const problem = 'must not have a key named __proto__';
  for (const [document, value] of values.entries()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const path of forbiddenKeys(value, [])) yield { document, finding: { ...finding, path, problem } };
  }
}

/** More of one sort in one file nobody reads, and only an attack has them. */
const MOST_TRAPS = 1000;

function atMost(traps: Iterable<Trap>, concerns: (trap: Trap) => boolean): Trap[] {
  const told: Trap[] = [];
  let first: Trap | undefined;
  let more = 0;
  for (const trap of traps) {
    if (!concerns(trap)) continue;
    if (told.length < MOST_TRAPS) told.push(trap);
    else {
      first ??= trap;
      more += 1;
    }
  }
  if (!first) return told;
  const { document, finding } = first;
  return [...told, { document, finding: { ...moreFindings(more, 'error'), path: finding.path } }];
}

/**
 * What a text and the values of its documents say that means something else than it looks like, though it is valid YAML:
 * of all traps those that concern the caller.
 */
export function findTraps(
  text: string,
  values: readonly unknown[],
  concerns: (trap: Trap) => boolean = () => true,
): Trap[] {
  return [...atMost(forbidden(text, values), concerns), ...atMost(octalNumbers(text), concerns)];
}

/** Says in a finding about a number or boolean how it was written, when YAML made another value of it. */
export function explainReading(finding: Finding, unquoted: string | undefined): Finding {
  const { rule, value, problem, remedy } = finding;
  const misread = typeof value === 'number' || typeof value === 'boolean';
  if (!misread || unquoted === undefined || unquoted === String(value)) return finding;
  const written = shortened(unquoted);
  const quote = rule !== 'schema-enum' && remedy.startsWith('quote it') ? { remedy: `quote it: "${written}"` } : {};
  return { ...finding, problem: `${problem} (YAML reads the unquoted ${written} as ${String(value)})`, ...quote };
}
