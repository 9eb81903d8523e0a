import { outputFile } from '../output-file.ts';
import type { TreeRule } from '../rule.ts';
import type { Summary } from '../summary.ts';

const backup = { kind: 'DatabaseBackup', metadata: { name: 'nightly' }, spec: { databaseRef: { name: 'orders' } } };

/** Refuses two objects that would be rendered into one file. */
export const outputPathUnique: TreeRule = {
  id: 'output-path-unique',
  path: 'metadata.name',
  severity: 'error',
  why: 'Of two objects that are rendered into one file only one would be there, and Argo CD would remove the other.',
  remedy: 'rename one of them; best a Database whose name does not begin with the name of a kind',
  allowed: [
    [{ metadata: { name: 'orders' } }, backup],
    [{ metadata: { name: 'databasebackup-nightly', namespace: 'staging' } }, backup],
  ],
  denied: [[backup, { metadata: { name: 'databasebackup-nightly' } }]],
  check: (tree) => {
    const first = new Map<string, Summary>();
    return tree.flatMap((of) => {
      const file = `${outputFile(of)}.yaml`;
      const other = first.get(file);
      if (!other) first.set(file, of);
      if (!other || other.kind === of.kind) return [];
      const problem = `must not lead to the file ${file}: ${other.kind} "${other.name}" is rendered into it`;
      return [{ of, found: { value: of.name, problem } }];
    });
  },
};
