import type { TreeChange } from './changes.ts';

/** Formats a change as one JSON object with the fields of `TreeChange`. */
export function diffJson(change: TreeChange): string {
  return `${JSON.stringify(change, null, 2)}\n`;
}
