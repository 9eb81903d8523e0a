import { identityKey } from '../../database/object.ts';
import { suggest } from '../../database/suggest.ts';
import type { TreeRule } from '../rule.ts';
import type { Summary } from '../summary.ts';

const backupOf = (name: string): object => ({
  kind: 'DatabaseBackup',
  metadata: { name: 'nightly' },
  spec: { databaseRef: { name } },
});

const placeOf = ({ kind, namespace }: Pick<Summary, 'kind' | 'namespace'>): string => `${kind}/${namespace}`;

/** Maximum number of name comparisons in one tree: enough for honest typing errors, a bound for an attack. */
const MOST_COMPARISONS = 100_000;

/** Requires that a referenced object exists in the tree. */
export const referenceExists: TreeRule = {
  id: 'reference-exists',
  path: 'spec.databaseRef.name',
  severity: 'warning',
  why: 'A name that nothing answers to is most often a slip of the pen; the object would wait for ever.',
  remedy: 'correct the name, or make sure that it exists in the cluster',
  allowed: [[{ metadata: { name: 'orders' } }, backupOf('orders')]],
  denied: [
    [{ metadata: { name: 'orders' } }, backupOf('order')],
    [
      {
        metadata: { name: 'orders' },
        spec: { bootstrap: { restore: { from: 'elsewhere', destination: 's3://backups/orders' } } },
      },
    ],
  ],
  check: (tree) => {
    const keys = new Set(tree.map(identityKey));
    const names = Map.groupBy(tree, placeOf);
    let comparisons = 0;
    const meantBy = (of: Summary, kind: string, name: string): string | undefined => {
      const near = names.get(placeOf({ kind, namespace: of.namespace })) ?? [];
      comparisons += near.length;
      if (comparisons > MOST_COMPARISONS) return undefined;
      return suggest(
        name,
        near.flatMap((other) => (other === of ? [] : [other.name])),
      );
    };
    return tree.flatMap((of) =>
      of.references.flatMap(({ path, kind, name }) => {
        if (keys.has(identityKey({ kind, namespace: of.namespace, name }))) return [];
        const meant = meantBy(of, kind, name);
        const problem = `names a ${kind} that is not among these files, in namespace ${of.namespace}`;
        return [{ of, found: { path, value: name, problem, ...(meant && { remedy: `did you mean "${meant}"?` }) } }];
      }),
    );
  },
};
