import type { BallastObject } from '../database/object.ts';
import type { Settings } from '../database/types.ts';
import type { Manifest } from '../generator/metadata.ts';
import { manifestsToYaml, render } from '../generator/render.ts';
import { header } from './output.ts';
import type { Entry, FileContent, Foreign } from './tree.ts';

/** The manifests that an object of Ballast's becomes: a Database and all that belongs to it, any other kind itself. */
export function manifestsOf(object: BallastObject, settings: Settings): Manifest[] {
  if (object.kind === 'Database') return render(object, settings);
  const { apiVersion, kind, metadata, spec } = object;
  return [{ apiVersion, kind, metadata: metadata, spec: spec }];
}

/** Where an object's manifests are written below the output folder. */
function outputPath({ object }: Pick<Entry, 'object'>, format: Format): string {
  const { kind, metadata } = object;
  const file = kind === 'Database' ? (metadata.name ?? '') : `${kind.toLowerCase()}-${metadata.name ?? ''}`;
  return `${metadata.namespace ?? ''}/${file}.${format}`;
}

const SAFE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Where somebody else's object is written; undefined when its names cannot be names of files. */
function foreignPath({ value }: Foreign, namespace: string, format: Format): string | undefined {
  const metadata = value['metadata'] as { name?: unknown; namespace?: unknown } | undefined;
  const parts = [metadata?.namespace ?? namespace, value['kind'], metadata?.name].map(String);
  if (!parts.every((part) => SAFE.test(part))) return undefined;
  return `${parts[0]}/other-${parts[1]?.toLowerCase()}-${parts[2]}.${format}`;
}

/** The form of rendered text. */
export type Format = 'yaml' | 'json';

/**
 * Manifests in the form that was asked for: YAML documents, or a `List`, one object that kubectl and Argo CD read. With
 * a source, the first line is the header that makes the text a file of Ballast's.
 */
export function manifestText(manifests: readonly Manifest[], format: Format, source?: string): string {
  const first = source === undefined ? '' : header(source, format);
  if (format === 'yaml') return `${first}${manifestsToYaml(manifests)}`;
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }, null, 2);
  return `${first}${first ? list.slice(2) : list}\n`;
}

/** How a tree is rendered into files. */
export interface FileOptions {
  readonly settings: Settings;
  readonly namespace: string;
  readonly format: Format;
  readonly includeOthers: boolean;
}

/** A file to be written: its path below the output folder, and its text. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
}

/** The files that what stands in one source file becomes, one after the other. */
export function* renderFiles(content: FileContent, options: FileOptions): Generator<RenderedFile> {
  const { settings, namespace, format, includeOthers } = options;
  for (const entry of content.entries) {
    const text = manifestText(manifestsOf(entry.object, settings), format, entry.source);
    yield { path: outputPath(entry, format), text };
  }
  for (const foreign of includeOthers ? content.foreign : []) {
    const path = foreignPath(foreign, namespace, format);
    const manifest = foreign.value as unknown as Manifest;
    if (path !== undefined) yield { path, text: manifestText([manifest], format, foreign.source) };
  }
}
