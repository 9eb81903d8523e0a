import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../database/record.ts';

/** The merge patch (RFC 7386) from one record to another: removed fields are null. */
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

/** The patch from the stored status to the wanted one; undefined when they are equal. */
export function statusPatch(stored: object | undefined, wanted: object): object | undefined {
  // An undefined field counts as absent, as in JSON.
  const [before, after] = [stored ?? {}, JSON.parse(JSON.stringify(wanted)) as object];
  return isDeepStrictEqual(before, after) ? undefined : mergePatch({ ...before }, { ...after });
}
