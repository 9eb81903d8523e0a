import type { Manifest } from '../../generator/metadata.ts';

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } } }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
  readonly securityContext?: object;
  readonly resources: Readonly<Partial<Record<'limits' | 'requests', Readonly<Record<string, string>>>>>;
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** A pod template, and the kind of the object that makes pods of it. */
export interface Pod {
  readonly of: string;
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly serviceAccountName?: string;
    readonly securityContext?: object;
    readonly volumes?: readonly Volume[];
  };
}

type Template = Omit<Pod, 'of'>;
interface Workload {
  readonly kind: string;
  readonly spec: {
    readonly template: Template;
    readonly jobTemplate: { readonly spec: { readonly template: Template } };
  };
}

/** The name of an object. */
export function nameOf({ metadata }: Manifest): string {
  return (metadata as { readonly name: string }).name;
}

/** The sync wave of an object. */
export function waveOf({ metadata }: Manifest): number {
  const { annotations } = metadata as { readonly annotations: Readonly<Record<string, string>> };
  return Number.parseInt(annotations['argocd.argoproj.io/sync-wave'] ?? '', 10);
}

/** The pods that all objects together make. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return (manifests as unknown as readonly Workload[]).flatMap(({ kind, spec }): Pod[] => {
    if (kind === 'CronJob') return [{ of: kind, ...spec.jobTemplate.spec.template }];
    return kind === 'StatefulSet' || kind === 'Deployment' ? [{ of: kind, ...spec.template }] : [];
  });
}

/** The labels of a pod. */
export function labelsOf({ metadata }: Pod): Readonly<Record<string, string>> {
  return metadata.labels;
}

/** The containers of a pod. */
export function containersOf({ spec }: Pod): readonly Container[] {
  return spec.containers;
}

/** The objects that a pod needs for its start: `Kind name` of each. */
export function referencesOf(pod: Pod): string[] {
  const { volumes = [], serviceAccountName } = pod.spec;
  const environment = containersOf(pod).flatMap(({ env = [] }) =>
    env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
  );
  const named: [kind: string, name: string | undefined][] = [
    ['ServiceAccount', serviceAccountName],
    ...environment.map((name): [string, string | undefined] => ['Secret', name]),
    ...volumes.flatMap(({ configMap, secret, persistentVolumeClaim }): [string, string | undefined][] => [
      ['ConfigMap', configMap?.name],
      ['Secret', secret?.secretName],
      ['PersistentVolumeClaim', persistentVolumeClaim?.claimName],
    ]),
  ];
  return named.flatMap(([kind, name]) => (name === undefined ? [] : [`${kind} ${name}`]));
}

interface Selecting {
  readonly selector?: Readonly<Record<string, string>> & { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}

/** The labels by which objects choose pods. */
export function selectorsOf(
  manifests: readonly Manifest[],
): { of: string; selector: Readonly<Record<string, string>> }[] {
  return manifests.flatMap((manifest) => {
    if (['Database', 'PersistentVolumeClaim', 'ServiceMonitor'].includes(manifest.kind)) return [];
    const { selector, podSelector } = (manifest['spec'] ?? {}) as Selecting;
    const labels = podSelector?.matchLabels ?? selector?.matchLabels ?? selector;
    return labels ? [{ of: `${manifest.kind} ${nameOf(manifest)}`, selector: labels }] : [];
  });
}
