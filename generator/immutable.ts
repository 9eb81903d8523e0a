import { isRecord } from '../database/record.ts';
import { sortedJson } from '../database/sorted-json.ts';
import type { Manifest } from './metadata.ts';

/** Mutable fields of a StatefulSet's spec (apps/v1, ValidateStatefulSetUpdate). */
const STATEFUL_SET: ReadonlySet<string> = new Set([
  ...['minReadySeconds', 'ordinals', 'persistentVolumeClaimRetentionPolicy', 'replicas', 'revisionHistoryLimit'],
  ...['template', 'updateStrategy'],
]);

/** The immutable fields of each rendered kind, as the API server holds it. */
const FIXED: Readonly<Record<string, (field: string) => boolean>> = {
  StatefulSet: (field) => !STATEFUL_SET.has(field),
  // Only the size can grow, and the VolumeAttributesClass change (core/v1, ValidatePersistentVolumeClaimUpdate).
  PersistentVolumeClaim: (field) => field !== 'resources' && field !== 'volumeAttributesClassName',
  Deployment: (field) => field === 'selector',
  Service: (field) => field === 'clusterIP',
};

const keyOf = ({ kind, metadata }: Manifest): string => `${kind} ${(metadata as { name: string }).name}`;

/** The differences between manifests of the same objects that the API server would refuse. */
export function immutableChanges(old: readonly Manifest[], now: readonly Manifest[]): string[] {
  const before = new Map(old.map((manifest) => [keyOf(manifest), manifest['spec']]));
  return now.flatMap((manifest) => {
    const [was, is] = [before.get(keyOf(manifest)), manifest['spec']];
    const isFixed = FIXED[manifest.kind];
    if (!isFixed || !isRecord(was) || !isRecord(is)) return [];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((field) => isFixed(field) && sortedJson(was[field] ?? null) !== sortedJson(is[field] ?? null))
      .map((field) => `${keyOf(manifest)} spec.${field}`);
  });
}
