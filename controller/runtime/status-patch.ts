import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../database/record.ts';

/** What makes one record of another as a merge patch (RFC 7386): what is gone is null. */
function mergePatch(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): object {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = names.flatMap((name): [string, unknown][] => {
    const [old, next] = [before[name], after[name]];
    if (isDeepStrictEqual(old, next)) return [];
    if (next === undefined) return [[name, null]];
    return [[name, isRecord(old) && isRecord(next) ? mergePatch(old, next) : next]];
  });
  return Object.fromEntries(changes);
}

/** The change from the stored status to the one that is wanted; undefined when they are the same. */
export function statusPatch(stored: object | undefined, wanted: object): object | undefined {
  // Fields that are undefined are none, as in JSON.
  const [before, after] = [stored ?? {}, JSON.parse(JSON.stringify(wanted)) as object];
  return isDeepStrictEqual(before, after) ? undefined : mergePatch({ ...before }, { ...after });
}
