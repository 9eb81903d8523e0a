import type { BallastObject } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import type { Source } from '../../review/source.ts';
import type { ListOf, StoredMetadata } from './objects.ts';

/** An object of the cluster, of any kind of Ballast's. */
export interface StoredObject {
  readonly kind: string;
  readonly metadata: StoredMetadata;
}

/** Reads all objects of a kind in a namespace. */
export type ReadKind = (kind: string, namespace: string) => Promise<ListOf<StoredObject>>;

type Texts = Readonly<Record<string, string>>;

function only(texts: Texts = {}, wanted: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key in wanted));
}

/** Without the labels and annotations that the file does not name: others write those, and an apply leaves them alone. */
function asInFile(stored: StoredObject, { metadata }: BallastObject): StoredObject {
  const { labels, annotations, ...rest } = stored.metadata;
  return {
    ...stored,
    metadata: {
      ...rest,
      ...(metadata.labels && { labels: only(labels, metadata.labels) }),
      ...(metadata.annotations && { annotations: only(annotations, metadata.annotations) }),
    },
  };
}

/** The same objects as they are in the cluster, as a source that a review can compare with. */
export async function storedSource(objects: readonly BallastObject[], read: ReadKind): Promise<Source> {
  const wanted = new Map(objects.map((object) => [identityKey(identify(object)), object]));
  const lists = Map.groupBy(objects.map(identify), ({ kind, namespace }) => `${kind}/${namespace}`);
  const items: StoredObject[] = [];
  for (const [{ kind, namespace } = { kind: '', namespace: '' }] of lists.values()) {
    for (const stored of (await read(kind, namespace)).items) {
      const object = wanted.get(identityKey({ kind, namespace, name: stored.metadata.name }));
      if (object) items.push(asInFile(stored, object));
    }
  }
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return { file: 'the cluster', name: 'cluster.yaml', isNamed: true, read: () => ({ text, findings: [] }) };
}
