import type { Kind } from './kinds.ts';

/** The meaning of an address. */
export interface Route {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

const ADDRESS =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;
const NAMESPACES = /^\/api\/v1\/namespaces(?:\/(?<name>[^/]+))?(?:\/(?<subresource>status|finalize))?$/;

/** Parses an address; undefined when there is nothing at it. */
export function routeOf(path: string, kinds: readonly Kind[]): Route | undefined {
  const isNamespace = NAMESPACES.exec(path);
  const found = isNamespace ?? ADDRESS.exec(path);
  const { group = '', version = 'v1', plural = 'namespaces', namespace, name, subresource } = found?.groups ?? {};
  if (!found) return undefined;
  const kind = kinds.find((one) => one.plural === plural && one.group === group && one.version === version);
  if (!kind || (name !== undefined && kind.namespaced !== (namespace !== undefined))) return undefined;
  return {
    kind,
    ...(namespace !== undefined && { namespace: decodeURIComponent(namespace) }),
    ...(name !== undefined && { name: decodeURIComponent(name) }),
    ...(subresource !== undefined && { subresource }),
  };
}
