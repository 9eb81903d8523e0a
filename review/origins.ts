import type { Path } from '../database/finding.ts';
import { identityKey } from '../database/object.ts';
import { Places } from '../database/read/place.ts';
import { readYaml } from '../database/read/yaml.ts';
import { isRecord } from '../database/record.ts';
import { isSame } from '../database/sorted-json.ts';
import type { Item } from './items.ts';
import { itemsOf } from './items.ts';
import type { LocatedFinding } from './located-finding.ts';

/** An object that a program wrote, with what kustomize noted about it; paths count from the folder that was built. */
export interface BuiltObject {
  readonly value: unknown;
  /** The file that it was read from. */
  readonly path?: string;
  /** The repository that this file lies in, when it was fetched. */
  readonly repository?: string;
  /** The kustomization whose patch or transformer changed it last. */
  readonly changedIn?: string;
}

const ORIGIN = 'config.kubernetes.io/origin';
const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';
/** Transformers that change any field; all others change names, labels and the like. */
const CHANGES_ANY_FIELD = /^(Patch|Replacement)/;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The value in an annotation, which is YAML; undefined when it cannot be read. */
function annotated(value: unknown, name: string): unknown {
  const metadata = isRecord(value) && isRecord(value['metadata']) ? value['metadata'] : {};
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {};
  const yaml = readYaml(textOf(annotations[name]) ?? '');
  return yaml.ok ? yaml.values[0] : undefined;
}

function lastChange(value: unknown): string | undefined {
  const all = annotated(value, TRANSFORMATIONS);
  const files = (Array.isArray(all) ? (all as unknown[]) : []).filter(isRecord).flatMap((one) => {
    const file = textOf(one['configuredIn']);
    const by = isRecord(one['configuredBy']) ? textOf(one['configuredBy']['kind']) : undefined;
    return file === undefined ? [] : [{ file, isAny: CHANGES_ANY_FIELD.test(by ?? '') }];
  });
  return (files.findLast(({ isAny }) => isAny) ?? files.at(-1))?.file;
}

function builtObject(value: unknown): BuiltObject {
  const origin = annotated(value, ORIGIN);
  const { path, configuredIn, repo } = isRecord(origin) ? origin : {};
  const [from, repository, changedIn] = [textOf(path) ?? textOf(configuredIn), textOf(repo), lastChange(value)];
  return {
    value,
    ...(from !== undefined && { path: from }),
    ...(repository !== undefined && { repository }),
    ...(changedIn !== undefined && { changedIn }),
  };
}

/** The objects of a text that a program wrote, by their identity; none when it cannot be read. */
export function builtObjects(text: string, namespace: string): ReadonlyMap<string, BuiltObject> {
  const yaml = readYaml(text);
  const items = yaml.ok ? yaml.values.flatMap((value, document) => itemsOf(value, document)) : [];
  const rows = items.flatMap(({ value }): [string, BuiltObject][] => {
    const metadata = isRecord(value) && isRecord(value['metadata']) ? value['metadata'] : {};
    const [kind, name] = [isRecord(value) ? textOf(value['kind']) : undefined, textOf(metadata['name'])];
    if (kind === undefined || name === undefined) return [];
    return [[identityKey({ kind, name, namespace: textOf(metadata['namespace']) ?? namespace }), builtObject(value)]];
  });
  return new Map(rows);
}

function valueAt(value: unknown, steps: Path): unknown {
  return steps.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return typeof step === 'number' ? (at as unknown[])[step] : undefined;
    return isRecord(at) ? at[String(step)] : undefined;
  }, value);
}

/** A source file of a build, parsed once for all findings. */
export interface ParsedSource {
  readonly items: readonly Item[];
  readonly places: Places;
}

/** Parses a source file of a build; undefined when it is not YAML. */
export function parseSource(text: string): ParsedSource | undefined {
  const yaml = readYaml(text);
  if (!yaml.ok) return undefined;
  const items = yaml.values.flatMap((value, document) => itemsOf(value, document));
  return { items, places: new Places(text, yaml.events) };
}

/** A place in a source file. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
  /** Whether the value there is another than the one that was built from it. */
  readonly isChanged: boolean;
}

/**
 * Finds the field of a finding in the file that its object was read from. There the object has its kind; its name may have been changed on
 * the way. Undefined when the file holds none of the kind.
 */
export function placeInSource(
  { kind, name, steps }: LocatedFinding,
  { value: built }: BuiltObject,
  { items, places }: ParsedSource,
): SourcePlace | undefined {
  const alike = items.filter(({ value }) => isRecord(value) && value['kind'] === kind);
  const named = alike.find(({ value }) => valueAt(value, ['metadata', 'name']) === name);
  const item = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (!item) return undefined;
  const { line, column } = places.find(item.document, [...item.base, ...steps]);
  return { line, column, isChanged: !isSame(valueAt(item.value, steps), valueAt(built, steps)) };
}
