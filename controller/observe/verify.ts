import type { Settings } from '../../database/types.ts';
import { isRecord } from '../../database/record.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Api } from '../kubernetes/api.ts';
import { resourceNamed } from '../kubernetes/resources.ts';
import type { Child, Observation } from '../observation.ts';
import { revisionOf } from './child.ts';
import type { Applied, Remembered } from './memory.ts';
import { manifestName, objectsOf, rememberedAs, renderingOf, withoutReplicas } from './rendering.ts';

/** What is remembered of an object that is not as it is rendered. */
const DIFFERS: Applied = { asked: '', revision: '' };

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** Whether all that is wanted stands in an object; what others have added beside it does not matter. */
export function contains(object: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(object)) return wanted.length === 0 && object === undefined;
    return wanted.length === object.length && wanted.every((item, index) => contains(object[index], item));
  }
  // The API server leaves out what is empty.
  if (!isRecord(wanted)) return object === wanted;
  if (!isRecord(object)) return isEmpty(object) && isEmpty(wanted);
  return Object.entries(wanted).every(([name, value]) => value === undefined || contains(object[name], value));
}

/** Objects that are there, and of which nobody knows whether they are as they are rendered. */
function unknownOf(children: readonly Child[], { applied }: Remembered): ReadonlySet<string> {
  const there = children.filter(({ deleting }) => !deleting).map(rememberedAs);
  return new Set(there.filter((as) => !applied.has(as)));
}

/**
 * Reads the objects of a Database of which nothing is remembered, as after a start, and holds them against what is
 * rendered: those that are as they should be need not be applied. Whether anything was read.
 */
export async function verify(
  { own, children, rendered }: Observation,
  remembered: Remembered,
  { api, settings }: { readonly api: Pick<Api, 'get'>; readonly settings: Settings },
): Promise<boolean> {
  const unknown = rendered ? unknownOf(children, remembered) : new Set<string>();
  const asked = new Map(renderedNames(own, settings, remembered, unknown));
  if (asked.size === 0) return false;
  const { namespace } = own.database.metadata;
  const manifests = objectsOf(own, settings).map((manifest): [string, Manifest] => [
    rememberedAs({ kind: manifest.kind, name: manifestName(manifest) }),
    manifest,
  ]);
  const read = async ([as, manifest]: [string, Manifest]): Promise<void> => {
    const resource = resourceNamed(manifest.kind);
    const object = await api.get(resource, { namespace, name: manifestName(manifest) });
    if (!object) {
      // It is gone, and the watches do not show it yet: asking again at once would tell nothing else.
      remembered.applied.set(as, DIFFERS);
      return;
    }
    const isSame = contains(object, withoutReplicas(manifest));
    const known = { asked: asked.get(as) ?? '', revision: revisionOf(manifest.kind, object) };
    remembered.applied.set(as, isSame ? known : DIFFERS);
  };
  await Promise.all(manifests.filter(([as]) => asked.has(as)).map(read));
  return true;
}

function renderedNames(
  own: Observation['own'],
  settings: Settings,
  remembered: Remembered,
  unknown: ReadonlySet<string>,
): [string, string][] {
  if (unknown.size === 0) return [];
  const names = renderingOf(own, settings, remembered).map((one): [string, string] => [rememberedAs(one), one.asked]);
  return names.filter(([as]) => unknown.has(as));
}
