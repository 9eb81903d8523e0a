import type { TreeRule } from '../rule.ts';
import type { Summary } from '../summary.ts';

const at = (name: string, destination: unknown): object => ({ metadata: { name }, spec: { backup: { destination } } });

/** Refuses two live databases with one place for their backups. */
export const backupPathUnique: TreeRule = {
  id: 'backup-path-unique',
  path: 'spec.backup.destination',
  severity: 'error',
  why: 'Two databases that archive to one place destroy each other’s backups; it shows only when one is needed.',
  remedy: 'give each its own prefix, for example s3://bucket/<namespace>/<name>',
  allowed: [
    [at('orders', 's3://acme/shop/orders'), at('billing', 's3://acme/shop/billing')],
    [at('orders', 's3://acme'), at('billing', 's3://acme')],
    [at('orders', 'pvc://'), at('billing', 'pvc://')],
  ],
  denied: [
    [at('orders', 's3://acme/shop'), at('billing', 's3://acme/shop/')],
    [at('orders', 'gs://acme/shop'), at('billing', { gcs: { bucket: 'acme', prefix: 'shop' } })],
  ],
  check: (tree) => {
    const owner = new Map<string, Summary>();
    return tree.flatMap((of) => {
      if (of.repository === undefined) return [];
      const other = owner.get(of.repository);
      if (!other) owner.set(of.repository, of);
      if (!other || (other.name === of.name && other.namespace === of.namespace)) return [];
      return [
        { of, found: { problem: `must not be shared: Database ${other.namespace}/${other.name} backs up there too` } },
      ];
    });
  },
};
