import { EVENT_ID, YAMLException, constructFromEvents, parseEvents } from 'js-yaml';
import { shortened } from '../finding.ts';
import { KUBECTL_SCHEMA } from './scalars.ts';

/** Maximum nesting; Ballast's own kinds need 9 levels. */
export const MAX_DEPTH = 100;
/** Maximum number of aliases (`*name`) in a document. */
const MAX_ALIASES = 200;
/** Maximum number of additional values and characters after the expansion of aliases. */
const MAX_GROWTH = 1_000_000;

/** Why a text is not YAML that Ballast reads, with line and column from 1. */
export interface YamlProblem {
  readonly rule: string;
  readonly problem: string;
  readonly remedy: string;
  readonly line: number;
  readonly column: number;
}

/** The events of a YAML text in order, with their places: js-yaml's first parsing stage. */
export type YamlEvents = Readonly<ReturnType<typeof parseEvents>>;

/** A parsed YAML text: the value of each document in order, and the events that they were made from. */
export interface YamlText {
  readonly values: readonly unknown[];
  readonly events: YamlEvents;
}

/** A parsed YAML text, or why it cannot be read. */
export type YamlResult = ({ readonly ok: true } & YamlText) | { readonly ok: false; readonly problem: YamlProblem };

interface Explanation {
  readonly matches: RegExp;
  readonly rule: string;
  readonly problem?: string;
  readonly remedy: string;
}

/** Clearer texts for some of the parser's errors. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    matches: /maxDepth/,
    rule: 'yaml-nesting-depth',
    problem: `must not nest more than ${MAX_DEPTH} levels deep`,
    remedy: 'flatten it; no Kubernetes object is that deep',
  },
  {
    matches: /maxAliases|merge keys/i,
    rule: 'yaml-alias-limit',
    problem: `must not use more than ${MAX_ALIASES} aliases`,
    remedy: 'write the values out',
  },
  {
    matches: /duplicated mapping key/,
    rule: 'yaml-duplicate-key',
    problem: 'must not have the same key twice',
    remedy: 'remove one of the two; only one of them would count',
  },
  {
    matches: /tab characters/,
    rule: 'yaml-syntax',
    problem: 'must not be indented with tabs',
    remedy: 'indent with spaces',
  },
  {
    matches: /unidentified alias/,
    rule: 'yaml-syntax',
    remedy: 'define the anchor (&name) before it, or quote a value that begins with *',
  },
  {
    matches: /deficient indentation|unexpected end of the stream/,
    rule: 'yaml-syntax',
    problem: 'must be valid YAML: a quote or bracket that was opened before is not closed',
    remedy: 'close it; lines inside it must be indented',
  },
  {
    matches: /bad indentation of a mapping entry/,
    rule: 'yaml-syntax',
    problem: 'must be valid YAML: this does not fit what stands before it',
    remedy: 'line a key up with its neighbours; quote a value that holds ": ", or that begins with @, ` or %',
  },
  {
    matches: /complex keys|missed comma/,
    rule: 'yaml-syntax',
    remedy: 'quote a value that begins with { or [; leave templates out with --exclude',
  },
  {
    matches: /can not read a block mapping entry/,
    rule: 'yaml-syntax',
    problem: 'must be valid YAML: the line before has no colon',
    remedy: 'write the key and its colon on one line',
  },
  {
    matches: /null byte|non-printable/,
    rule: 'yaml-syntax',
    problem: 'must not hold control characters',
    remedy: 'remove the character, or write it as an escape between double quotes',
  },
  {
    matches: /escape sequence|hexadecimal character/,
    rule: 'yaml-syntax',
    remedy: 'put the text between single quotes, or write each backslash twice',
  },
  {
    matches: /^unknown (?:scalar|sequence|mapping) tag/,
    rule: 'yaml-syntax',
    problem: 'must not have a tag (!name) that Kubernetes does not know',
    remedy: 'remove the tag, or leave the file out with --exclude',
  },
];

/** The key at a place of a text, when it is a plain word. */
function keyAt(text: string, offset: number): string {
  const key = /^["']?([\w./-]+)["']?\s*:/.exec(text.slice(offset, offset + 300))?.[1];
  return key === undefined ? '' : `: "${key}"`;
}

/** The first line that git writes where two changes of a file meet; undefined when there is none. */
function conflictIn(text: string): YamlProblem | undefined {
  const at = text.search(/^<{7} /m);
  if (at < 0) return undefined;
  const problem = 'must be valid YAML: a merge conflict begins here';
  const remedy = 'resolve it, and remove the lines with <<<<<<<, ======= and >>>>>>>';
  return { rule: 'yaml-syntax', problem, remedy, line: text.slice(0, at).split('\n').length, column: 1 };
}

function explain(error: YAMLException, text: string): YamlProblem {
  const { line, column, position } = error.mark ?? { line: 0, column: 0, position: 0 };
  const known = EXPLANATIONS.find(({ matches }) => matches.test(error.reason));
  const twice = known?.rule === 'yaml-duplicate-key' ? keyAt(text, position) : '';
  return {
    line: line + 1,
    column: column + 1,
    rule: known?.rule ?? 'yaml-syntax',
    problem: `${known?.problem ?? `must be valid YAML: ${shortened(error.reason)}`}${twice}`,
    remedy: known?.remedy ?? 'correct it, or leave the file out with --exclude',
  };
}

/**
 * Counts values and the characters of names and texts as if every alias were expanded; stops at the limit, which bounds the cost of a
 * bomb. Too deep a nesting, such as an alias that refers to itself, counts as infinite.
 */
function sizeOf(value: unknown, limit: number, depth = 0): number {
  if (typeof value === 'string') return 1 + value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (depth > MAX_DEPTH) return Infinity;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  let size = names.reduce((sum, name) => sum + name.length, 1);
  for (const child of Object.values(value) as unknown[]) {
    if (size > limit) break;
    size += sizeOf(child, limit - size, depth + 1);
  }
  return size;
}

const BOMB: YamlProblem = {
  rule: 'yaml-alias-limit',
  problem: `must not grow by more than ${MAX_GROWTH} values and characters, or beyond ${MAX_DEPTH} levels, once its aliases are written out`,
  remedy: 'write the values out instead of nesting aliases',
  line: 1,
  column: 1,
};

/** Reads all documents of a YAML text as kubectl would; empty documents are null. */
export function readYaml(text: string): YamlResult {
  // Even where the text is valid: YAML reads some conflicts as one long word, and the objects in it would be gone.
  const conflict = conflictIn(text);
  if (conflict) return { ok: false, problem: conflict };
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    const values = constructFromEvents(events, { source: text, schema: KUBECTL_SCHEMA, maxAliases: MAX_ALIASES });
    const limit = text.length + MAX_GROWTH;
    const bomb =
      text.includes('*') && events.some(({ type }) => type === EVENT_ID.ALIAS) && sizeOf(values, limit) > limit;
    return bomb ? { ok: false, problem: BOMB } : { ok: true, values, events };
  } catch (error) {
    if (error instanceof YAMLException) return { ok: false, problem: explain(error, text) };
    throw error;
  }
}
