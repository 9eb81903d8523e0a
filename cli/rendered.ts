import type { BallastObject } from '../database/object.ts';
import type { Settings } from '../database/types.ts';
import type { Json } from '../generator/emit.ts';
import type { Manifest } from '../generator/metadata.ts';
import { manifestsToYaml, render } from '../generator/render.ts';
import type { Entry, Foreign } from './tree.ts';

/** The manifests that an object of Ballast's becomes: a Database and all that belongs to it, any other kind itself. */
export function manifestsOf(object: BallastObject, settings: Settings): Manifest[] {
  if (object.kind === 'Database') return render(object, settings);
  const { apiVersion, kind, metadata, spec } = object;
  return [{ apiVersion, kind, metadata: metadata as unknown as Json, spec: spec as unknown as Json }];
}

/** Where an object's manifests are written below the output folder. */
export function outputPath({ object }: Pick<Entry, 'object'>, extension: string): string {
  const { kind, metadata } = object;
  const file = kind === 'Database' ? (metadata.name ?? '') : `${kind.toLowerCase()}-${metadata.name ?? ''}`;
  return `${metadata.namespace ?? ''}/${file}.${extension}`;
}

const SAFE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Where somebody else's object is written; undefined when its names cannot be names of files. */
export function foreignPath({ value }: Foreign, namespace: string, extension: string): string | undefined {
  const metadata = value['metadata'] as { name?: unknown; namespace?: unknown } | undefined;
  const parts = [metadata?.namespace ?? namespace, value['kind'], metadata?.name].map(String);
  if (!parts.every((part) => SAFE.test(part))) return undefined;
  return `${parts[0]}/other-${parts[1]?.toLowerCase()}-${parts[2]}.${extension}`;
}

/** Manifests in the form that was asked for. JSON is a `List`, one object that kubectl and Argo CD read. */
export function manifestText(manifests: readonly Manifest[], format: 'yaml' | 'json'): string {
  if (format === 'yaml') return manifestsToYaml(manifests);
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }, null, 2)}\n`;
}
