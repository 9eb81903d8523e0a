import { isRecord } from '../database/record.ts';

/** One step of a JSON Patch (RFC 6902). */
export interface PatchStep {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** A field's name as a part of a JSON pointer (RFC 6901). */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The JSON Patch that adds the defaults to an object, and changes nothing that is present. */
export function patchOf(original: unknown, filled: unknown, at = ''): PatchStep[] {
  if (original === filled) return [];
  if (Array.isArray(original) && Array.isArray(filled)) {
    return filled.flatMap((value, index) => patchOf(original[index], value, `${at}/${index}`));
  }
  if (!isRecord(original) || !isRecord(filled)) return [];
  return Object.entries(filled).flatMap(([name, value]): PatchStep[] => {
    const path = `${at}/${pointerPart(name)}`;
    if (!Object.hasOwn(original, name)) return [{ op: 'add', path, value }];
    if (original[name] === null) return [{ op: 'replace', path, value }];
    return patchOf(original[name], value, path);
  });
}
