import type { Finding } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import { serverMetadataFindings } from '../database/server-metadata.ts';

/** The API server turns generateName into a name; in a file the name stays absent. */
function namelessness({ metadata: { name, generateName } }: BallastObject): Finding[] {
  if (name !== undefined || !generateName) return [];
  const remedy = 'add a name, and remove generateName: it makes a new object at every sync';
  return [{ rule: 'name-valid', severity: 'error', path: ['metadata', 'name'], problem: 'must be set', remedy }];
}

/** Whether a value that is a Ballast object names no namespace. */
export function isNamespaceAssumed(value: unknown): boolean {
  const { metadata } = value as { metadata?: { namespace?: unknown } | null };
  return metadata?.namespace === undefined || metadata.namespace === null;
}

function namespacelessness(value: unknown): Finding[] {
  if (!isNamespaceAssumed(value)) return [];
  const remedy = 'add it; which one is assumed depends on who applies the object';
  const path = ['metadata', 'namespace'];
  return [
    { rule: 'namespace-required', severity: 'error', path, problem: 'must be set (--require-namespace)', remedy },
  ];
}

/** Finds the faults that an object has only in a file, not in a cluster. Takes the parsed value and the object read from it. */
export function fileOnlyFindings(
  value: unknown,
  object: BallastObject | undefined,
  { requireNamespace }: { readonly requireNamespace: boolean },
): Finding[] {
  return [
    ...(object ? [...namelessness(object), ...serverMetadataFindings(object)] : []),
    ...(requireNamespace ? namespacelessness(value) : []),
  ];
}
