import { identityKey } from '../../database/object.ts';
import type { TreeRule } from '../rule.ts';
import type { Summary } from '../summary.ts';

const ASSUMED = (namespace: string): string => `${namespace} was assumed where no namespace is written`;
const SAY_WHERE =
  'write metadata.namespace; a kustomization is judged as it is built: kustomize build DIR | ballast validate -';

/** Refuses two objects with the same kind, namespace and name. */
export const nameUnique: TreeRule = {
  id: 'name-unique',
  path: 'metadata.name',
  severity: 'error',
  why: 'Of two objects with one name the last that is applied wins, and each sync may choose another.',
  remedy: 'rename one of them, or remove the copy',
  allowed: [
    [{ metadata: { name: 'orders', namespace: 'shop' } }, { metadata: { name: 'orders', namespace: 'staging' } }],
    [{ metadata: { name: 'orders' } }, { kind: 'DatabaseBackup', metadata: { name: 'orders' } }],
  ],
  denied: [[{ metadata: { name: 'orders' } }, { metadata: { name: 'orders' } }]],
  check: (tree) => {
    const first = new Map<string, Summary>();
    return tree.flatMap((of) => {
      const key = identityKey(of);
      const other = first.get(key);
      if (!other) {
        first.set(key, of);
        return [];
      }
      const problem = `must be unique: another ${of.kind} in namespace ${of.namespace} has this name`;
      if (!of.isAssumed && !other.isAssumed) return [{ of, found: { value: of.name, problem } }];
      return [
        { of, found: { value: of.name, problem: `${problem}, and ${ASSUMED(of.namespace)}`, remedy: SAY_WHERE } },
      ];
    });
  },
};
