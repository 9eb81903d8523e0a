import type { Dependent, Family } from '../database/family.ts';
import { ARGO_HOOK } from '../database/health.ts';
import { familiesOf, familyOf } from '../database/family.ts';
import type { BallastObject } from '../database/object.ts';
import { withoutServerMetadata } from '../database/server-metadata.ts';
import type { Settings } from '../database/types.ts';
import type { Manifest } from './metadata.ts';
import { SYNC_WAVE, WAVE } from './metadata.ts';
import type { RenderedFamily } from './render.ts';
import { RENDERED_PARTS, render } from './render.ts';

/** Renders the objects of one tree: a Database with its family, any other object as itself. */
export interface Renderer {
  /** The manifests of one of the objects. */
  readonly manifests: (object: BallastObject) => Manifest[];
  /** All inputs of an object's manifests, besides the settings. */
  readonly inputs: (object: BallastObject) => RenderedFamily | Dependent;
}

/**
 * An object beside a Database as itself, in the last wave of a sync, which waits for nothing in it: a restore takes hours, and one that failed
 * must not hold what comes after. A hook has a phase instead.
 */
function dependentManifest({ apiVersion, kind, metadata: written, spec }: Dependent): Manifest {
  const metadata = withoutServerMetadata(written);
  const isHook = metadata.annotations?.[ARGO_HOOK] !== undefined;
  const annotations = { ...(!isHook && { [SYNC_WAVE]: String(WAVE.extras) }), ...metadata.annotations };
  return { apiVersion, kind, metadata: { ...metadata, annotations }, spec: spec };
}

/** The parts of a family that its rendering reads. */
function renderedParts(family: Family): RenderedFamily {
  return Object.fromEntries(RENDERED_PARTS.map((part) => [part, family[part]])) as unknown as RenderedFamily;
}

/** A renderer for the objects of one tree, under the settings of an installation. */
export function rendererFor(objects: readonly BallastObject[], settings: Settings): Renderer {
  const families = new Map(familiesOf(objects).families.map((family) => [family.database, family]));
  const inputs = (object: BallastObject): RenderedFamily | Dependent =>
    object.kind === 'Database' ? renderedParts(families.get(object) ?? familyOf(object)) : object;
  const manifests = (object: BallastObject): Manifest[] => {
    const input = inputs(object);
    return 'database' in input ? render(input, settings) : [dependentManifest(input)];
  };
  return { manifests, inputs };
}
