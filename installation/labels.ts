import { isRecord } from '../database/record.ts';
import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';

/** One of the two programs. */
export type Component = 'webhook' | 'controller';

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** Labels of all objects of an installation; immutable selectors do not include them. */
export const COMMON_LABELS = { [NAME]: 'ballast', 'app.kubernetes.io/part-of': 'ballast' } as const;

/** The label that tells a program's pods apart within the installation. */
export function componentLabel(component: Component): Readonly<Record<string, string>> {
  return { [COMPONENT]: component };
}

/** The labels by which a NetworkPolicy selects a program's pods. */
export function podLabels(component: Component): Readonly<Record<string, string>> {
  return { [NAME]: COMMON_LABELS[NAME], [COMPONENT]: component };
}

function withLabels(metadata: Json | undefined): Json {
  const { labels, ...rest } = isRecord(metadata) ? metadata : {};
  return { ...rest, labels: { ...(isRecord(labels) && labels), ...COMMON_LABELS } };
}

/** Adds the common labels to a manifest and to the pods in its template, as kustomize's `labels` does. */
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
