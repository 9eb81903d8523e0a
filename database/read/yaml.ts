import { YAMLException, loadAll } from 'js-yaml';
import { KUBECTL_SCHEMA } from './scalars.ts';

/** Deepest nesting that is read; Ballast's own kinds need 9 levels. */
export const MAX_DEPTH = 100;
/** Most aliases (`*name`) in a document. */
export const MAX_ALIASES = 200;
/** Most values in a document once its aliases are written out. */
export const MAX_VALUES = 1_000_000;

/** Why a text is not YAML that Ballast reads, and where: offset in characters, line and column from 1. */

export interface YamlProblem {
  readonly rule: string;
  readonly problem: string;
  readonly remedy: string;
  readonly line: number;
  readonly column: number;
}

/** What a YAML text holds: the value of each of its documents, in order, or why it cannot be read. */
export type YamlResult =
  { readonly ok: true; readonly values: readonly unknown[] } | { readonly ok: false; readonly problem: YamlProblem };

interface Explanation {
  readonly matches: RegExp;
  readonly rule: string;
  readonly problem?: string;
  readonly remedy: string;
}

/** The parser's reasons that deserve better words than its own. */
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
];

function explain(error: YAMLException): YamlProblem {
  const place = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
  const known = EXPLANATIONS.find(({ matches }) => matches.test(error.reason));
  return {
    ...place,
    rule: known?.rule ?? 'yaml-syntax',
    problem: known?.problem ?? `must be valid YAML: ${error.reason}`,
    remedy: known?.remedy ?? 'correct it, or leave the file out with --exclude',
  };
}

/** Counts values as if every alias were written out; stops at the limit, so a bomb costs no more than that. */
function countValues(value: unknown, limit: number): number {
  let count = 1;
  if (typeof value !== 'object' || value === null) return count;
  for (const child of Object.values(value)) {
    count += countValues(child, limit - count);
    if (count > limit) break;
  }
  return count;
}

const BOMB: YamlProblem = {
  rule: 'yaml-alias-limit',
  problem: `must not hold more than ${MAX_VALUES} values once its aliases are written out`,
  remedy: 'write the values out instead of nesting aliases',
  line: 1,
  column: 1,
};

/** Reads all documents of a YAML text as kubectl would; empty documents are null. */
export function readYaml(text: string): YamlResult {
  try {
    const values = loadAll(text, { schema: KUBECTL_SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES });
    const bomb = text.includes('*') && values.some((value) => countValues(value, MAX_VALUES) > MAX_VALUES);
    return bomb ? { ok: false, problem: BOMB } : { ok: true, values };
  } catch (error) {
    if (error instanceof YAMLException) return { ok: false, problem: explain(error) };
    throw error;
  }
}
