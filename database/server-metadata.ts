import type { Finding } from './finding.ts';
import type { BallastObject } from './object.ts';
import { GROUP } from './schema/common.ts';

/** The fields that the API server and its controllers write into `metadata`: true of one object at one time, wrong in Git. */
const SERVER_SET = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'ownerReferences',
  'selfLink',
] as const;

/** kubectl's record of its last apply; kubectl writes a new one. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Metadata = BallastObject['metadata'];

const isOwnFinalizer = (finalizer: string): boolean => finalizer.startsWith(`${GROUP}/`);

/** The fields of an object's metadata that the cluster wrote, by name. */
function serverSet({ annotations, finalizers, ...metadata }: Metadata): (readonly string[])[] {
  return [
    ...SERVER_SET.filter((name) => metadata[name] !== undefined).map((name) => [name]),
    ...(finalizers?.some(isOwnFinalizer) ? [['finalizers']] : []),
    ...(annotations?.[LAST_APPLIED] === undefined ? [] : [['annotations', LAST_APPLIED]]),
  ];
}

/** Warns of an object in a file with fields that the cluster writes, as an exported object has. */
export function serverMetadataFindings({ metadata }: BallastObject): Finding[] {
  const found = serverSet(metadata);
  const [first] = found;
  if (!first) return [];
  const problem = `is written by the cluster and left out of what is rendered: ${found.map((path) => path.at(-1)).join(', ')}`;
  const remedy = 'remove these fields from the file; name, namespace, labels and annotations are yours';
  return [{ rule: 'metadata-server-set', severity: 'warning', path: ['metadata', ...first], problem, remedy }];
}

/** Metadata for Git: without the fields that the cluster writes. */
export function withoutServerMetadata(metadata: Metadata): Metadata {
  if (serverSet(metadata).length === 0) return metadata;
  const { annotations, finalizers = [], ...rest } = metadata;
  const dropped = new Set<string>(SERVER_SET);
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !dropped.has(name)));
  const kept = Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => name !== LAST_APPLIED));
  const others = finalizers.filter((finalizer) => !isOwnFinalizer(finalizer));
  return {
    ...own,
    ...(Object.keys(kept).length > 0 && { annotations: kept }),
    ...(others.length > 0 && { finalizers: others }),
  };
}
