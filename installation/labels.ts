import { isRecord } from '../database/record.ts';
import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';

/** One of the two programs. */
export type Component = 'webhook' | 'controller';

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** Labels of what an installation brings; selectors that never change do not have them. */
export const COMMON_LABELS = { [NAME]: 'ballast', 'app.kubernetes.io/part-of': 'ballast' } as const;

/** The label by which a program's pods are found among those of the installation. */
export function componentLabel(component: Component): Readonly<Record<string, string>> {
  return { [COMPONENT]: component };
}

/** The labels by which a NetworkPolicy finds a program's pods. */
export function podLabels(component: Component): Readonly<Record<string, string>> {
  return { [NAME]: COMMON_LABELS[NAME], [COMPONENT]: component };
}

function withLabels(metadata: Json | undefined): Json {
  const { labels, ...rest } = isRecord(metadata) ? metadata : {};
  return { ...rest, labels: { ...(isRecord(labels) && labels), ...COMMON_LABELS } };
}

/** The manifest with the common labels, and with them on the pods that it asks for: what kustomize makes of `labels`. */
export function withCommonLabels(manifest: Manifest): Manifest {
  const { spec } = manifest;
  const template = isRecord(spec) ? spec['template'] : undefined;
  return {
    ...manifest,
    metadata: withLabels(manifest['metadata']),
    ...(isRecord(template) && {
      spec: { ...(spec as object), template: { ...template, metadata: withLabels(template['metadata']) } },
    }),
  };
}
