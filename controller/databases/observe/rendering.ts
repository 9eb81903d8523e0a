import { OWNER } from '../../../database/vocabulary.ts';
import type { Settings } from '../../../database/types.ts';
import type { Manifest } from '../../../generator/metadata.ts';
import { familyOf } from '../../../database/family.ts';
import { render } from '../../../generator/render.ts';
import type { ManagedObject, DatabaseSeen, RenderedObject } from '../observation.ts';
import { sha1Of } from '../../cluster/managed-object.ts';
import { withoutAbsent } from '../../cluster/json-path.ts';
import type { AppliedObject, DatabaseMemory, RenderedName, Rendering } from './memory.ts';

/** Name of a manifest. */
export function manifestName({ metadata }: Manifest): string {
  return (metadata as { readonly name: string }).name;
}

/** The key of a rendering: all inputs of render change with one of these. */
export function renderedFrom({ generation, annotations }: DatabaseSeen): string {
  return `${generation} ${JSON.stringify(annotations)}`;
}

/** The rendered objects of a Database without the Database itself; cached. */
export function objectsOf(
  own: DatabaseSeen,
  settings: Settings,
  { renderings }: Pick<DatabaseMemory, 'renderings'>,
): readonly Manifest[] {
  return renderings.of(`${own.uid} ${renderedFrom(own)}`, () => render(familyOf(own.database), settings).slice(1));
}

/** A manifest without its replicas, which are decided separately. */
export function withoutReplicas(manifest: Manifest): Manifest {
  if (manifest.kind !== 'StatefulSet') return manifest;
  return { ...manifest, spec: { ...(manifest['spec'] as object), replicas: undefined } };
}

/** A manifest with these replicas, when they are decided. */
export function withReplicas(manifest: Manifest, replicas: number | undefined): Manifest {
  if (replicas === undefined) return manifest;
  return { ...manifest, spec: { ...(manifest['spec'] as object), replicas } };
}

/** The manifest with the Database's mark; with a uid it applies to that object alone. */
export function marked(manifest: Manifest, owner: string, uid?: string): Manifest {
  const { annotations, ...metadata } = manifest['metadata'] as { readonly annotations?: object };
  const mark = { annotations: { ...annotations, [OWNER]: owner }, ...(uid !== undefined && { uid }) };
  return { ...manifest, metadata: { ...metadata, ...mark } };
}

/** The key of an object in the memory. */
export function rememberedAs({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

/** The rendering of a Database, made again only when the Database has changed. */
export function renderingOf(
  own: DatabaseSeen,
  settings: Settings,
  remembered: Pick<DatabaseMemory, 'rendering' | 'renderings'>,
): Rendering {
  const of = renderedFrom(own);
  if (remembered.rendering?.of === of) return remembered.rendering;
  const objects = objectsOf(own, settings, remembered).map((manifest) => {
    const { apiVersion, kind } = manifest;
    return { apiVersion, kind, name: manifestName(manifest), asked: sha1Of(withoutReplicas(manifest)) };
  });
  remembered.rendering = { of, objects };
  return remembered.rendering;
}

/** The object under a rendered name, if it is known to be this Database's. */
function ownUid(child: ManagedObject | undefined, applied: AppliedObject | undefined): string | undefined {
  return child && applied?.uid === child.uid ? child.uid : undefined;
}

function isUpToDate(
  { asked }: RenderedName,
  child: ManagedObject | undefined,
  applied: AppliedObject | undefined,
): boolean {
  if (!child) return false;
  // An object in deletion cannot be changed; it is created again afterwards.
  if (child.deleting) return true;
  return applied?.asked === asked && applied.revision === child.revision;
}

/** Compares a rendering with the existing objects and with the applied ones. */
export function compare(
  rendering: readonly RenderedName[],
  children: readonly ManagedObject[],
  { applied, taken }: Pick<DatabaseMemory, 'applied' | 'taken'>,
): RenderedObject[] {
  const there = new Map(children.map((child) => [rememberedAs(child), child]));
  return rendering.map((object) => {
    const { apiVersion, kind, name } = object;
    const as = rememberedAs(object);
    const [child, known, other] = [there.get(as), applied.get(as), taken.get(as)];
    const upToDate = isUpToDate(object, child, known);
    const uid = ownUid(child, known);
    return {
      apiVersion,
      kind,
      name,
      upToDate,
      ...withoutAbsent({ uid, takenBy: other?.by, askAgainAt: other?.askAgainAt }),
    };
  });
}
