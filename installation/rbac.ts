import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { Resource } from '../kubernetes/objects.ts';

const GROUP = 'rbac.authorization.k8s.io';
const VERSION = `${GROUP}/v1`;

/** Verbs of the API server's authorizer, in the order in which rules list them; `act-within` is Ballast's own and grants nothing. */
const VERBS = ['act-within', 'get', 'list', 'watch', 'create', 'patch', 'delete', 'escalate', 'bind'] as const;
type Verb = (typeof VERBS)[number];

/** A right to a kind, to a subresource, or to named objects. */
export interface Right {
  readonly resource: Pick<Resource, 'group' | 'plural'>;
  /** A subresource, such as `status`. */
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

/** The name of a resource or subresource in RBAC rules and admission policies. */
export function resourceName({ plural }: Pick<Resource, 'plural'>, subresource?: string): string {
  return subresource === undefined ? plural : `${plural}/${subresource}`;
}

/** Merges the rights to the same objects into one right. */
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

/** RBAC rules for these rights: one rule for all resources of a group with the same verbs. */
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

/** Kind, name and namespace of a role; cluster-wide without a namespace. */
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

/** A binding of a role to a service account, named like the role; in one namespace, or in the whole cluster. */
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
 * A service account whose pods mount its token only when their own spec says so. Its namespace must be explicit: only then does kustomize
 * update it in bindings when the namespace changes.
 */
export function serviceAccount({ name, namespace }: Account): Manifest {
  return {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    metadata: { name, namespace },
    automountServiceAccountToken: false,
  };
}
