import { familyPart } from '../database/family.ts';
import type { Family } from '../database/family.ts';
import { RENDERED_PARTS } from '../generator/render.ts';
import type { Summary } from '../policies/summary.ts';
import { familyName } from '../policies/summary.ts';
import type { Source } from './source.ts';

/** The families whose rendering reads one of these objects, each once. */
function renderedFamilies(objects: readonly Summary[], parts: readonly (keyof Family)[]): Set<string> {
  const read = objects.filter(({ kind }) => {
    const part = familyPart(kind);
    return part !== undefined && parts.includes(part);
  });
  return new Set(read.map((object) => `${object.namespace}/${familyName(object)}`));
}

const objectsIn = ({ summary }: Source): Summary[] => (summary?.objects ?? []).map((one) => one.summary);

/**
 * The known sources that must be read again although they are unchanged: they hold objects of a family whose rendering reads an object
 * that changed elsewhere. `changed` are the objects of the other files, before and after.
 */
export function staleSources(
  known: readonly Source[],
  changed: readonly Summary[],
  parts: readonly (keyof Family)[] = RENDERED_PARTS,
): Set<Source> {
  const byFamily = new Map<string, Source[]>();
  for (const source of known) {
    for (const family of renderedFamilies(objectsIn(source), parts)) {
      const others = byFamily.get(family);
      if (others) others.push(source);
      else byFamily.set(family, [source]);
    }
  }
  const stale = new Set<Source>();
  // Iterating over a set visits entries that are added on the way: a source read again may hold objects of other families.
  const families = renderedFamilies(changed, parts);
  for (const family of families) {
    for (const source of byFamily.get(family) ?? []) {
      stale.add(source);
      for (const other of renderedFamilies(objectsIn(source), parts)) families.add(other);
    }
  }
  return stale;
}
