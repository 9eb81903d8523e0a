import { ENGINE_NAMES } from '../database/engines/index.ts';
import ts from 'typescript';
import { KINDS } from '../database/schema/kinds.ts';
import { SCHEMAS } from '../database/schema/schemas.ts';
import { createAjv } from '../database/validators.ts';
import { versionPattern } from '../policies/versions.ts';

/** A regular expression with its place. */
export interface Pattern {
  readonly at: string;
  readonly source: string;
  readonly flags: string;
}

/** A place that builds a pattern at run time, which static analysis cannot read. */
export interface Unreadable {
  readonly at: string;
  readonly reason: string;
}

/** The patterns of a source file, and the places that cannot be read. */
export interface Found {
  readonly patterns: readonly Pattern[];
  readonly unreadable: readonly Unreadable[];
}

/** All patterns that are built at run time: the file that builds them, and every possible result. */
const MADE: Readonly<Record<string, () => readonly string[]>> = {
  'policies/versions.ts': () => ENGINE_NAMES.map(versionPattern),
};

/** String methods that take a string as a pattern. */
const TAKES_PATTERN = new Set(['match', 'matchAll', 'search']);

function isText(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node));
}

function isRegExp(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  return ts.isIdentifier(node.expression) && node.expression.text === 'RegExp';
}

function takesText(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return TAKES_PATTERN.has(node.expression.name.text) && isText(node.arguments[0]);
}

/** Finds the patterns in the text of a source file. */
export function patternsIn(file: string, text: string): Found {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const patterns: Pattern[] = [];
  const unreadable: Unreadable[] = [];
  const visit = (node: ts.Node): void => {
    const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      patterns.push({ at, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if (isRegExp(node)) {
      const made = MADE[file];
      if (made) patterns.push(...made().map((one) => ({ at, source: one, flags: '' })));
      else unreadable.push({ at, reason: 'write the pattern as a literal, or enter what is made in MADE' });
    } else if (takesText(node)) {
      unreadable.push({ at, reason: 'write the pattern as a literal: a text is one here' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { patterns, unreadable };
}

/** The patterns anywhere in a JSON Schema: ajv runs them, although the API server has an engine of its own. */
export function schemaPatterns(name: string, schema: unknown): Pattern[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([word, value]: [string, unknown]): Pattern[] => {
    const at = `${name}.${word}`;
    // ajv compiles every pattern with the flag u.
    if (word === 'pattern' && typeof value === 'string') return [{ at, source: value, flags: 'u' }];
    const named = word === 'patternProperties' ? Object.keys(value as object) : [];
    return [...named.map((source) => ({ at, source, flags: 'u' })), ...schemaPatterns(at, value)];
  });
}

/** The patterns of all schemas: of the kinds as written and as ajv has them, of the settings, and of ajv's formats. */
export function allSchemaPatterns(): Pattern[] {
  const formats = Object.entries(createAjv().formats).flatMap(([name, format]): Pattern[] => {
    const check: unknown = typeof format === 'object' && 'validate' in format ? format.validate : format;
    return check instanceof RegExp ? [{ at: `format ${name}`, source: check.source, flags: check.flags }] : [];
  });
  const kinds = KINDS.flatMap(({ kind, spec, status }) => schemaPatterns(kind, { spec, status }));
  return [...kinds, ...schemaPatterns('SCHEMAS', SCHEMAS), ...formats];
}
