import { identify } from '../database/object.ts';
import { isRecord } from '../database/record.ts';
import type { Manifest } from '../generator/metadata.ts';
import { manifestsToYaml } from '../generator/render.ts';
import type { Renderer } from '../generator/renderer.ts';
import { outputFile } from '../policies/output-file.ts';
import type { Entry, ForeignObject } from '../review/entry.ts';
import type { FileReview } from '../review/file-review.ts';
import { header } from './header.ts';

/** The path of an object's manifests below the output folder. */
export function outputPath({ object }: Pick<Entry, 'object'>, format: Format): string {
  return `${outputFile(identify(object))}.${format}`;
}

/** Whether a document is an object that can be applied, unlike a kustomization or a values file. */
export function isObject({ value }: ForeignObject): boolean {
  const { apiVersion, kind, metadata } = value;
  const { name, generateName } = (isRecord(metadata) ? metadata : {}) as { name?: unknown; generateName?: unknown };
  return [apiVersion, kind, name ?? generateName].every((part) => typeof part === 'string' && part !== '');
}

/**
 * The path of a foreign object below the output folder. Underscores, which no Kubernetes name contains, keep it apart from Ballast's
 * files and from other kinds; characters that file names must not contain are encoded.
 */
function foreignPath({ value }: ForeignObject, namespace: string, format: Format): string {
  const { apiVersion, kind, metadata } = value as { apiVersion: string; kind: string; metadata: Metadata };
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  const name = [kind.toLowerCase(), group, metadata.name ?? metadata.generateName].filter((part) => part !== undefined);
  const file = name.map(encodeURIComponent).join('_');
  // Dots alone would name another folder.
  const folder = encodeURIComponent(metadata.namespace ?? namespace).replace(/^\.+$/, (dots) =>
    dots.replaceAll('.', '%2E'),
  );
  return `${folder}/${file}.${format}`;
}

interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
}

/** The format of rendered text. */
export type Format = 'yaml' | 'json';

/**
 * Formats manifests as YAML documents, or as a `List`, one object that kubectl and Argo CD read. With a source, the first line is the
 * header that marks the file as Ballast's.
 */
export function manifestText(manifests: readonly Manifest[], format: Format, source?: string): string {
  const first = source === undefined ? '' : header(source, format);
  if (format === 'yaml') return `${first}${manifestsToYaml(manifests)}`;
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }, null, 2);
  return `${first}${first ? list.slice(2) : list}\n`;
}

/** How to render a tree into files. */
export interface FileOptions {
  readonly renderer: Renderer;
  readonly namespace: string;
  readonly format: Format;
  readonly includeOthers: boolean;
}

/** A file to write: its path below the output folder, its source, and a function that makes its text. */
export interface RenderedFile {
  readonly path: string;
  readonly source: string;
  readonly text: () => string;
}

/** The files rendered from one source file. */
export function renderedFiles({ entries, foreign }: FileReview, options: FileOptions): RenderedFile[] {
  const { renderer, namespace, format, includeOthers } = options;
  const ours = entries.map((entry) => ({
    path: outputPath(entry, format),
    source: entry.source,
    text: () => manifestText(renderer.manifests(entry.object), format, entry.source),
  }));
  const others = includeOthers ? foreign.filter(isObject) : [];
  return [
    ...ours,
    ...others.map((other) => ({
      path: foreignPath(other, namespace, format),
      source: other.source,
      text: () => manifestText([other.value as unknown as Manifest], format, other.source),
    })),
  ];
}
