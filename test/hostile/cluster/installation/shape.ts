import type { Built, Rule } from './variants.ts';

/** The parts of a Deployment, a policy or a binding that tests read. */
interface Shaped {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly [field: string]: unknown };
  readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
}

/** Those of a kind. */
export function ofKind(built: readonly Built[], kind: string): (Built & Shaped)[] {
  return built.filter((one) => one.kind === kind);
}

/** Every right of Roles and ClusterRoles, as `verb group/resource`, with `by name` where it is of named objects. */
export function rightsOf(built: readonly Built[]): string[] {
  const text = ({ apiGroups, resources, verbs, resourceNames }: Rule): string[] =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => `${verb} ${group}/${resource}${resourceNames ? ' by name' : ''}`),
      ),
    );
  return ofKind(built, 'ClusterRole').flatMap(({ rules = [] }) => rules.flatMap(text));
}

/** The pod that a Deployment asks for, as an object of its own. */
export function podsOf(built: readonly Built[]): object[] {
  return ofKind(built, 'Deployment').map(({ metadata, spec }) => {
    const template = spec?.['template'] as { readonly metadata: object; readonly spec: object };
    return { ...template, metadata: { ...template.metadata, name: metadata.name } };
  });
}
