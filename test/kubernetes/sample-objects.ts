import type { Patch } from '../../kubernetes/api.ts';
import type { Api } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';

/** Something that holds on every API server, the fake one included. */
export interface ApiCase {
  readonly name: string;
  /** The namespace is there, and other cases' objects may be in it. */
  readonly run: (api: Api, namespace: string) => Promise<void>;
}

/** A ConfigMap with this data. */
export function configMap(namespace: string, name: string, data: object = {}, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata }, data };
}

/** A merge patch. */
export const merge = (body: object): Patch => ({ type: 'merge', body });
