import { dump } from 'js-yaml';
import type { Files } from './run.ts';

/** A Database without a namespace, as bases hold them. */
export function baseDatabase(name: string, spec: object = {}): string {
  return dump({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name },
    spec: { version: '17', storage: { size: '20Gi' }, ...spec },
  });
}

/** A patch of the spec of a Database. */
export function patch(name: string, spec: object): string {
  return dump({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name }, spec });
}

/** A kustomization over the base, with more fields. */
export function overlay(namespace: string, more: object = {}): string {
  return dump({ resources: ['../../base'], namespace, ...more });
}

/** The patches of an overlay that lie beside it. */
export const patchedBy = (...files: readonly string[]): object => ({ patches: files.map((path) => ({ path })) });

/** A base with one Database, production with three members of it, and a test environment with a smaller one. */
export const OVERLAYS: Files = {
  'base/kustomization.yaml': dump({ resources: ['orders.yaml'] }),
  'base/orders.yaml': baseDatabase('orders'),
  'overlays/prod/kustomization.yaml': overlay('shop', patchedBy('members.yaml')),
  'overlays/prod/members.yaml': patch('orders', { replicas: 3 }),
  'overlays/test/kustomization.yaml': overlay('shop-test', patchedBy('small.yaml')),
  'overlays/test/small.yaml': patch('orders', { storage: { size: '5Gi' } }),
};
