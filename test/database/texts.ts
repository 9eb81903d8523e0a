import { kept } from '../policies/kept.ts';
import { reviewOf } from '../review/sources.ts';

/** A Database in block style: two fields that it must have, and more lines of its spec from line 7 on. */
export function databaseText(...spec: readonly string[]): string {
  return specText('version: 16', 'storage: {size: 10Gi}', ...spec);
}

/** A Database in block style with exactly these lines as its spec, from line 5 on. */
export function specText(...spec: readonly string[]): string {
  const lines = spec.map((line) => `  ${line}\n`).join('');
  return `apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: orders}\nspec:\n${lines}`;
}

/** The findings in a file of this text, each as `line:column path: problem; remedy (rule)`. */
export function findingsIn(text: string): string[] {
  return kept(reviewOf('a.yaml', text).findings).map(
    ({ line, column, path, problem, remedy, rule }) =>
      `${line}:${column} ${path ? `${path}: ` : ''}${problem}; ${remedy} (${rule})`,
  );
}
