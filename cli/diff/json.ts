import type { TreeChange } from './changes.ts';

/** A change as one JSON object, for programs. Its fields are those of `TreeChange`. */
export function diffJson(change: TreeChange): string {
  return `${JSON.stringify(change, null, 2)}\n`;
}
