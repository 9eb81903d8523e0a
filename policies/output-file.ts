import type { Identity } from '../database/object.ts';

/**
 * The file that an object is rendered into, relative to the output folder and without its extension: a Database's has its name, those of
 * other kinds are prefixed with the kind.
 */
export function outputFile({ kind, namespace, name }: Identity): string {
  return `${namespace}/${kind === 'Database' ? name : `${kind.toLowerCase()}-${name}`}`;
}
