import { isRecord } from './record.ts';

function sorted(_: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON with sorted keys: equal texts for equal values. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, sorted);
}

/** Whether two values are equal, whatever the order of their keys; an absent one equals null. */
export function isSame(a: unknown, b: unknown): boolean {
  return sortedJson(a ?? null) === sortedJson(b ?? null);
}
