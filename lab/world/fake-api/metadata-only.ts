/** An object as a request for metadata alone returns it. */
function metadataOf({ metadata }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** A list, or the line of a watch, with the metadata of its objects alone; any other answer unchanged. */
export function withMetadataOnly(answer: object): object {
  const { items, object, type } = answer as { items?: unknown; object?: Record<string, unknown>; type?: string };
  if (Array.isArray(items)) return { ...answer, kind: 'PartialObjectMetadataList', items: items.map(metadataOf) };
  return object === undefined || type === 'ERROR' ? answer : { ...answer, object: metadataOf(object) };
}
