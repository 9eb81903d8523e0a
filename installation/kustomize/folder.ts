import type { Json } from '../../database/json.ts';
import { emitYaml } from '../../generator/emit.ts';
import type { Part } from '../part.ts';

/** A kustomize patch of one object. */
export interface Patch {
  readonly kind: string;
  readonly name: string;
  /** RFC 6902 steps that add a value, by path; or a partial object to merge. */
  readonly add?: readonly { readonly path: string; readonly value: Json }[];
  readonly merge?: { readonly [field: string]: Json | undefined };
}

/** A folder that kustomize builds. */
export interface Folder {
  /** Relative to `kustomize/`. */
  readonly path: string;
  readonly about: string;
  readonly isComponent?: boolean;
  /** The namespace of all objects; that of the manifests when absent. */
  readonly namespace?: string;
  /** Labels of all objects, and of the pods in their templates. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The folders that it builds upon. */
  readonly over?: readonly string[];
  /** Manifests, by file name. */
  readonly files: Readonly<Record<string, readonly Part[]>>;
  readonly components?: readonly string[];
  readonly patches?: readonly Patch[];
  /** The tag of an image, by name. */
  readonly image?: { readonly name: string; readonly tag: string };
}

const WIDTH = 120;
const HEADER = [
  'Written by `npm run generated` from installation/. Do not edit: to install differently, write a kustomization over this',
  'folder (docs/controller.md).',
].join(' ');

function wrap(paragraph: string): string {
  let lines = '#';
  let width = 1;
  for (const word of paragraph.split(' ')) {
    if (width + 1 + word.length > WIDTH) {
      lines += '\n#';
      width = 1;
    }
    lines += ` ${word}`;
    width += 1 + word.length;
  }
  return `${lines}\n`;
}

const comment = (text: string): string => text.split('\n\n').map(wrap).join('#\n');

/** Writes expressions over several lines as folded texts: emitYaml keeps line breaks. */
function foldExpressions(yaml: string): string {
  return yaml.replaceAll(/^([ -]*(?:expression|messageExpression)): \|-$/gm, '$1: >-');
}

function partText({ about, manifests }: Part): string[] {
  return manifests.map((manifest, index) => (about && index === 0 ? comment(about) : '') + foldExpressions(emitYaml(manifest)));
}

function fileText(parts: readonly Part[]): string {
  return `${comment(HEADER)}---\n${parts.flatMap(partText).join('---\n')}`;
}

/** Writes a list as YAML; emitYaml writes lists only below a name. */
function stepsText(steps: NonNullable<Patch['add']>): string {
  const items = steps.map(({ path, value }) => emitYaml({ op: 'add', path, value }));
  return items.map((item) => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`).join('');
}

function patchOf({ kind, name, add, merge }: Patch): Json {
  const text = add ? stepsText(add) : emitYaml({ ...merge });
  return { target: { kind, name }, patch: text };
}

function kustomizationText(folder: Folder): string {
  const { isComponent, namespace, labels, over = [], files, components, patches, image } = folder;
  const kustomization = {
    apiVersion: `kustomize.config.k8s.io/${isComponent ? 'v1alpha1' : 'v1beta1'}`,
    kind: isComponent ? 'Component' : 'Kustomization',
    namespace,
    ...(labels && { labels: [{ pairs: labels, includeTemplates: true }] }),
    resources: [...over, ...Object.keys(files)],
    ...(components && { components: [...components] }),
    ...(patches && { patches: patches.map(patchOf) }),
    ...(image && { images: [{ name: image.name, newName: image.name, newTag: image.tag }] }),
  };
  return `${comment(`${HEADER}\n\n${folder.about}`)}${emitYaml(kustomization)}`;
}

/** The files of a folder, as path and text. */
export function filesOf(folder: Folder): [string, string][] {
  const path = (file: string): string => `kustomize/${folder.path}/${file}`;
  const files = Object.entries(folder.files).map(([file, parts]): [string, string] => [path(file), fileText(parts)]);
  return [[path('kustomization.yaml'), kustomizationText(folder)], ...files];
}
