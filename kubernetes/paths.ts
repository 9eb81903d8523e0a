import type { Selection } from './api.ts';
import type { ObjectName, Resource } from './objects.ts';

/** Path of a kind's objects: all of them, or those of a namespace. */
export function collectionPath({ group, version, plural, namespaced }: Resource, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${plural}`;
}

/** Path of one object. */
export function objectPath(resource: Resource, { namespace, name }: ObjectName, subresource?: string): string {
  // Without its namespace the path would address another resource.
  if (resource.namespaced && !namespace) throw new Error(`${resource.kind} ${name}: the namespace is missing`);
  const below = subresource === undefined ? '' : `/${subresource}`;
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}${below}`;
}

/** Builds a query from the values that are present. */
export function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The selectors of a query. */
export function selectors({ labelSelector, fieldSelector }: Selection): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}

const METADATA = 'application/json;g=meta.k8s.io;v=v1;as=PartialObjectMetadata';

/** The Accept header of a list or a watch; undefined for whole objects. */
export function formOf({ metadataOnly }: Selection, what: 'list' | 'watch'): string | undefined {
  if (!metadataOnly) return undefined;
  return what === 'list' ? `${METADATA}List` : METADATA;
}
