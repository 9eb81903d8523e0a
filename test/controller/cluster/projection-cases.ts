import { expect } from 'chai';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';

/** Labels of a member of orders. */
export const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/name': 'postgresql',
  'db.example.com/database': 'orders',
};

/** An object of the namespace shop. */
export function object(
  name: string,
  { labels = LABELS, annotations = {}, ...rest }: Record<string, unknown> = {},
): KubernetesObject {
  const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '7', labels, annotations };
  return { metadata, ...rest } as unknown as KubernetesObject;
}

/** An object as the API server sends it, and what is kept of it. */
interface Case {
  readonly name: string;
  readonly raw: KubernetesObject;
  readonly gives: unknown;
}

/** Tries what a projection keeps. */
export function describeCases(
  title: string,
  project: (raw: KubernetesObject) => unknown,
  cases: readonly Case[],
): void {
  describe(title, () => {
    for (const { name, raw, gives } of cases) {
      it(name, () => {
        expect(project(raw)).eql(gives);
      });
    }
  });
}
