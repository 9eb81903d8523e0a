import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { Resource } from '../kubernetes/objects.ts';

const GROUP = 'rbac.authorization.k8s.io';
const VERSION = `${GROUP}/v1`;

/** Verbs of the API server's authorizer, in the order in which rules name them; `act-within` is Ballast's own and gives nothing. */
const VERBS = ['act-within', 'get', 'list', 'watch', 'create', 'patch', 'delete', 'escalate', 'bind'] as const;
type Verb = (typeof VERBS)[number];

/** What may be done with a kind, with a part of its objects, or with some of them by name. */
export interface Right {
  readonly resource: Pick<Resource, 'group' | 'plural'>;
  /** A part of the objects with an address of its own, as `status`. */
  readonly subresource?: string;
  /** Names of the objects; all when absent. */
  readonly names?: readonly string[];
  readonly verbs: readonly Verb[];
}

interface Rule {
  readonly group: string;
  readonly resources: string[];
  readonly names: readonly string[] | undefined;
  readonly verbs: readonly Verb[];
}

/** How RBAC and admission policies name a resource, or a part of it. */
export function resourceName({ plural }: Pick<Resource, 'plural'>, subresource?: string): string {
  return subresource === undefined ? plural : `${plural}/${subresource}`;
}

/** Rights to the same objects as one right. */
function mergeByObject(rights: readonly Right[]): Rule[] {
  const ofSame = Map.groupBy(rights, ({ resource, subresource, names }) =>
    [resource.group, resourceName(resource, subresource), ...(names ?? [])].join(' '),
  );
  return [...ofSame.values()].flatMap((same): Rule[] => {
    const [first] = same;
    if (!first) return [];
    const { resource, subresource, names } = first;
    const verbs = VERBS.filter((verb) => same.some((one) => one.verbs.includes(verb)));
    return [{ group: resource.group, resources: [resourceName(resource, subresource)], names, verbs }];
  });
}

/** The rules that give these rights: one for all resources of a group with which the same may be done. */
export function rulesFor(rights: readonly Right[]): Json[] {
  const alike = Map.groupBy(mergeByObject(rights), ({ group, names, verbs }) => JSON.stringify([group, names, verbs]));
  return [...alike.values()].flatMap((rules) => {
    const [first] = rules;
    if (!first) return [];
    const { group, names, verbs } = first;
    return [
      {
        apiGroups: [group],
        resources: rules.flatMap(({ resources }) => resources),
        ...(names && { resourceNames: [...names] }),
        verbs: [...verbs],
      },
    ];
  });
}

/** Of which kind a role is, how it is called, and where it stands; without a namespace in the whole cluster. */
export interface RoleName {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
  readonly namespace?: string;
}

/** A Role or a ClusterRole with these rights. */
export function role({ kind, ...metadata }: RoleName, rights: readonly Right[]): Manifest {
  return { apiVersion: VERSION, kind, metadata, rules: rulesFor(rights) };
}

/** A service account. */
export interface Account {
  readonly name: string;
  readonly namespace: string;
}

/** A binding, named like the role, that gives a role to a service account; in one namespace, or in the whole cluster. */
export function binding({ kind, name }: RoleName, account: Account, namespace?: string): Manifest {
  return {
    apiVersion: VERSION,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  };
}

/**
 * A service account, whose pods ask for its token themselves when they need one. Its namespace must be written out: only then
 * does kustomize find it again in bindings when the namespace is another.
 */
export function serviceAccount({ name, namespace }: Account): Manifest {
  return {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    metadata: { name, namespace },
    automountServiceAccountToken: false,
  };
}
