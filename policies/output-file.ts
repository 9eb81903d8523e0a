import type { Identity } from '../database/object.ts';

/**
 * The file that an object is rendered into, below the output folder and without its ending: a Database's is named after
 * it, that of another kind begins with the kind.
 */
export function outputFile({ kind, namespace, name }: Identity): string {
  return `${namespace}/${kind === 'Database' ? name : `${kind.toLowerCase()}-${name}`}`;
}
