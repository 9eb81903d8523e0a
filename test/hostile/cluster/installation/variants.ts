import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { ROOT } from '../../../cli/run.ts';
import type { ControlPlane } from '../../../../lab/api-server/control-plane.ts';
import { makeOwnFolder } from '../../../../lab/processes/own-folder.ts';

/** An object as kustomize gives it. */
export interface Built {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly [field: string]: unknown;
}

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** One way to install the controller. */
export interface Variant {
  /** For all namespaces, or for one. */
  readonly reach: 'cluster' | 'namespace';
  /** With components/direct. */
  readonly direct: boolean;
  readonly namespace: string;
  readonly prefix: string;
}

/** The namespace that an installation for one namespace looks after. */
export const LOOKED_AFTER = 'held';
const SYSTEM = 'ballast-system';

/** How an installation is named: as it is shipped, and three ways to rename it. */
const NAMES: readonly Pick<Variant, 'namespace' | 'prefix'>[] = [
  { namespace: SYSTEM, prefix: '' },
  { namespace: 'platform', prefix: '' },
  { namespace: SYSTEM, prefix: 'acme-' },
  { namespace: 'platform', prefix: 'acme-' },
];

/** Every way; a sample of those that are renamed most when not complete. */
export function variants(complete: boolean): Variant[] {
  const all = (['cluster', 'namespace'] as const).flatMap((reach) =>
    [true, false].flatMap((direct) => NAMES.map((named) => ({ reach, direct, ...named }))),
  );
  return complete ? all : all.filter(({ namespace, prefix }) => namespace !== SYSTEM && prefix !== '');
}

/** The name of a way to install. */
export function titleOf({ reach, direct, namespace, prefix }: Variant): string {
  const what = `for ${reach === 'cluster' ? 'all namespaces' : 'one namespace'}, ${direct ? 'with' : 'without'} direct`;
  return `${what}, ${prefix}ballast-controller in ${namespace}`;
}

interface Kustomization {
  readonly [field: string]: unknown;
}

/** Builds kustomizations of the test's own, one over another, over the folders of the checkout. */
class Builder {
  readonly #folder = makeOwnFolder('installation');
  readonly #plane: Pick<ControlPlane, 'admin'>;

  constructor(plane: Pick<ControlPlane, 'admin'>) {
    this.#plane = plane;
  }

  /** Writes a kustomization, with other files beside it. */
  add(name: string, kustomization: Kustomization, files: Readonly<Record<string, unknown>> = {}): void {
    mkdirSync(join(this.#folder, name));
    const whole = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...kustomization };
    for (const [file, content] of Object.entries({ ...files, 'kustomization.yaml': whole })) {
      writeFileSync(join(this.#folder, name, file), JSON.stringify(content));
    }
  }

  /** A folder of the checkout, as a kustomization of these names it. */
  shipped(folder: string): string {
    return relative(join(this.#folder, 'any'), join(ROOT, 'kustomize', folder));
  }

  async build(name: string): Promise<Built[]> {
    const args = ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', join(this.#folder, name)];
    return loadAll(await this.#plane.admin.succeed(args)) as Built[];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function renamed({ namespace, prefix }: Pick<Variant, 'namespace' | 'prefix'>): Kustomization {
  return { ...(namespace !== SYSTEM && { namespace }), ...(prefix !== '' && { namePrefix: prefix }) };
}

/** As the overlay controller-namespaced says it is done under another name. */
function addNamespaced(builder: Builder, { direct, ...names }: Variant): void {
  builder.add('renamed', { ...renamed(names), resources: [builder.shipped('controller')] });
  const name = 'ballast-controller';
  const binding = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name, namespace: LOOKED_AFTER } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: `${names.prefix}${name}`, namespace: names.namespace }],
  };
  const args = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: `--namespace=${LOOKED_AFTER}` };
  const top = {
    resources: ['../renamed', 'binding.yaml'],
    ...(direct && { components: [builder.shipped('components/direct')] }),
    patches: [{ target: { kind: 'Deployment', name }, patch: JSON.stringify([args]) }],
  };
  builder.add('top', top, { 'binding.yaml': binding });
}

/** The parts of a way to install. */
export async function buildVariant(plane: Pick<ControlPlane, 'admin'>, variant: Variant): Promise<Built[]> {
  const builder = new Builder(plane);
  try {
    const overlay = variant.direct ? 'overlays/controller' : 'overlays/controller-gitops';
    if (variant.reach === 'namespace') addNamespaced(builder, variant);
    else builder.add('top', { ...renamed(variant), resources: [builder.shipped(overlay)] });
    return await builder.build('top');
  } finally {
    builder.remove();
  }
}

/** What one overlay is made of under other names. */
export async function buildOverlay(
  plane: Pick<ControlPlane, 'admin'>,
  overlay: string,
  names: Pick<Variant, 'namespace' | 'prefix'> = { namespace: SYSTEM, prefix: '' },
): Promise<Built[]> {
  const builder = new Builder(plane);
  try {
    builder.add('top', { ...renamed(names), resources: [builder.shipped(`overlays/${overlay}`)] });
    return await builder.build('top');
  } finally {
    builder.remove();
  }
}
