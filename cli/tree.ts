import { identify, identityKey, type BallastObject } from '../database/object.ts';
import type { Finding, Path } from '../database/finding.ts';
import { PathMap, outside } from '../database/paths.ts';
import { Places } from '../database/read/place.ts';
import { findTraps } from '../database/read/traps.ts';
import type { YamlText } from '../database/read/yaml.ts';
import { readYaml } from '../database/read/yaml.ts';
import { isRecord } from '../database/record.ts';
import { serverMetadataFindings } from '../database/server-metadata.ts';
import type { Checked } from '../policies/check.ts';
import { checkValue } from '../policies/check.ts';
import { evaluateTree } from '../policies/evaluate.ts';
import type { Summary } from '../policies/summary.ts';
import { summarize } from '../policies/summary.ts';
import type { About, LocatedFinding, Origin } from './located.ts';
import { fileFinding, placeAll, placeFinding } from './located.ts';
import type { Judged, ThreeWay } from './merge.ts';
import { judge } from './merge.ts';
import { decodeText } from './text.ts';

/** An object of Ballast's in a tree of files, and where it stands there. */
export interface Entry {
  readonly object: BallastObject;
  /** What it is after the merge; undefined when it is gone then, and when nothing is compared. */
  readonly result?: BallastObject | undefined;
  readonly origin: Origin;
  /** Name of the file from the root of its tree. */
  readonly source: string;
  /** Whether its file names no namespace, so that one was assumed. */
  readonly isAssumed: boolean;
}

/** An object of somebody else's. */
export interface Foreign {
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** What one file holds. */
export interface FileContent {
  readonly entries: readonly Entry[];
  readonly foreign: readonly Foreign[];
  readonly findings: readonly LocatedFinding[];
  /** Whether something of it may be ours and cannot be read as that. */
  readonly isUnclear: boolean;
}

/** What rules of the whole tree look at in one object, and where that stands. */
export interface TreeMember {
  readonly summary: Summary;
  readonly origin: Origin;
}

/** How files are read and checked. */
export interface ReadOptions {
  /** Whether an object must name its namespace. */
  readonly requireNamespace?: boolean;
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly now: Date;
  /** What the change is compared with; without it the rules about updates are left out. */
  readonly past?: Compared;
}

/** Objects by their identity. */
export type Objects = ReadonlyMap<string, Entry>;

/** The objects of the revision that a change is merged into, and those of the last common commit when that is another. */
export interface Compared {
  readonly theirs: Objects;
  readonly base?: Objects;
}

interface Item {
  readonly value: unknown;
  readonly document: number;
  readonly base: readonly (string | number)[];
}

/** The objects of a document: itself, or the items of a list, which may be lists again. */
function itemsOf(value: unknown, document: number, base: Item['base'] = []): Item[] {
  const list = value as { kind?: unknown; apiVersion?: unknown; items?: unknown } | null;
  const isList = typeof list?.kind === 'string' && list.kind.endsWith('List') && Array.isArray(list.items);
  if (!isList) return [{ value, document, base }];
  return (list.items as unknown[]).flatMap((item, index) => itemsOf(item, document, [...base, 'items', index]));
}

function aboutValue(value: unknown, namespace: string): About {
  const { kind, metadata } = value as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } | null };
  const text = (part: unknown, otherwise: string): string => (typeof part === 'string' ? part : otherwise);
  return {
    kind: text(kind, ''),
    namespace: text(metadata?.namespace, namespace),
    name: text(metadata?.name, ''),
  };
}

/** Finds which of the items a path of a document lies in. */
function itemFinder(items: readonly Item[]): (document: number, path: Path) => Item | undefined {
  const places = new Map<number, PathMap<Item>>();
  for (const item of items) {
    const known = places.get(item.document) ?? new PathMap();
    places.set(item.document, known);
    known.add(item.base, item);
  }
  return (document, path) => places.get(document)?.above(path);
}

/** The traps in each of the items, with paths from the item itself. */
function trapsIn(items: readonly Item[], text: string, yaml: YamlText): Map<Item, Finding[]> {
  let finder: ReturnType<typeof itemFinder> | undefined;
  const itemAt = (document: number, path: Path): Item | undefined => (finder ??= itemFinder(items))(document, path);
  const found = new Map<Item, Finding[]>();
  for (const { document, finding } of findTraps(text, yaml, (...place) => itemAt(...place) !== undefined)) {
    const item = itemAt(document, finding.path);
    if (!item) continue;
    const known = found.get(item) ?? [];
    found.set(item, known);
    known.push({ ...finding, path: finding.path.slice(item.base.length) });
  }
  return found;
}

/** The API server makes a name from generateName; a file has nobody who would. */
function namelessness({ metadata: { name, generateName } }: BallastObject): Finding[] {
  if (name !== undefined || !generateName) return [];
  const remedy = 'add a name, and remove generateName: it makes a new object at every sync';
  return [{ rule: 'name-valid', severity: 'error', path: ['metadata', 'name'], problem: 'must be set', remedy }];
}

/** Whether a value that is an object of ours names no namespace. */
function isAssumed(value: unknown): boolean {
  const { metadata } = value as { metadata?: { namespace?: unknown } | null };
  return metadata?.namespace === undefined || metadata.namespace === null;
}

function namespacelessness(value: unknown, { requireNamespace = false }: ReadOptions): Finding[] {
  if (!requireNamespace || !isAssumed(value)) return [];
  const remedy = 'add it; which one is assumed depends on who applies the object';
  const path = ['metadata', 'namespace'];
  return [
    { rule: 'namespace-required', severity: 'error', path, problem: 'must be set (--require-namespace)', remedy },
  ];
}

/** What is wrong with an object in a file and right in a cluster. */
function inFileOnly(object: BallastObject): Finding[] {
  return [...namelessness(object), ...serverMetadataFindings(object)];
}

/** Whether an object of the revision that is not in the work tree was added by others, so that the merge keeps it. */
export function isAddition({ base }: Compared, key: string): boolean {
  return base !== undefined && !base.has(key);
}

/** The versions of an object that stands in the work tree. */
function threeWayOf(ours: BallastObject, { theirs, base }: Compared): ThreeWay {
  const key = identityKey(identify(ours));
  return { base: base?.get(key)?.object, theirs: theirs.get(key)?.object, ours };
}

function checkItem({ value }: Item, { past, ...options }: ReadOptions): Checked & Pick<Entry, 'result'> {
  if (!past) return checkValue(value, options);
  let judged: Judged | undefined;
  const once = (object: BallastObject): Judged => (judged ??= judge(threeWayOf(object, past)));
  const checked = checkValue(value, {
    ...options,
    before: (object) => once(object).old,
    result: (object) => once(object).object,
  });
  return { ...checked, result: judged?.result };
}

/** A file that could not be read. */
export function unreadable(findings: readonly LocatedFinding[]): FileContent {
  return { entries: [], foreign: [], findings, isUnclear: true };
}

/** Reads and checks the text of one file, all documents of it. */
function checkText(file: string, source: string, text: string, options: ReadOptions): FileContent {
  const yaml = readYaml(text);
  if (!yaml.ok) return unreadable([fileFinding(file, yaml.problem)]);
  const items = yaml.values.flatMap((value, document) => itemsOf(value, document));
  const checked = items.map((item) => ({ item, ...checkItem(item, options) }));
  const ours = checked.filter((one) => one.is === 'ours');
  const traps = trapsIn(
    ours.map(({ item }) => item),
    text,
    yaml,
  );
  const places = new Places(text, yaml.events);
  const findings = ours.flatMap(({ item, object, findings: wrong }) => {
    const trapped = traps.get(item) ?? [];
    const others = outside(
      wrong,
      trapped.map(({ path }) => path),
    );
    const about = aboutValue(item.value, options.namespace);
    const missing = [...(object ? inFileOnly(object) : []), ...namespacelessness(item.value, options)];
    return [...trapped, ...others, ...missing].map((finding) =>
      placeFinding(finding, about, { file, ...item }, places),
    );
  });
  const entries = ours.flatMap(({ item: { value, document, base }, object, result }) =>
    object ? [{ object, result, origin: { file, document, base }, source, isAssumed: isAssumed(value) }] : [],
  );
  const foreign = checked.flatMap(({ is, item: { value } }) =>
    is === 'foreign' && isRecord(value) ? [{ value, source }] : [],
  );
  const isUnclear = ours.some(({ object }) => object?.metadata.name === undefined);
  return { entries, foreign, findings, isUnclear };
}

/** Reads and checks one file's bytes. */
export function checkFile(file: string, source: string, bytes: Uint8Array, options: ReadOptions): FileContent {
  const decoded = decodeText(file, bytes);
  if (decoded.text === undefined) return unreadable(decoded.findings);
  const content = checkText(file, source, decoded.text, options);
  // Oddities of the bytes matter only in a file that holds something of ours.
  const ours = content.entries.length > 0 || content.findings.length > 0;
  return ours ? { ...content, findings: [...decoded.findings, ...content.findings] } : content;
}

/** What the rules about the whole tree look at in an entry. */
export function memberOf({ object, origin, isAssumed: assumed }: Entry): TreeMember {
  return { summary: { ...summarize(object), ...(assumed && { isAssumed: true as const }) }, origin };
}

/** The same of an entry as it is after the merge; none when it is gone then. */
export function mergedMemberOf(entry: Entry, { theirs }: Compared): TreeMember[] {
  if (!entry.result) return [];
  const { summary, origin } = memberOf({ ...entry, object: entry.result });
  return [{ summary: { ...summary, isNew: !theirs.has(identityKey(summary)) }, origin }];
}

/** Checks the rules about all objects together. `textOf` reads a file again, only when it has a finding. */
export function checkTree(members: readonly TreeMember[], textOf: (file: string) => string): LocatedFinding[] {
  const origins = new Map(members.map(({ summary, origin }) => [summary, origin]));
  const found = evaluateTree(members.map(({ summary }) => summary)).map(({ of, finding }) => {
    const origin = origins.get(of) ?? { file: '', document: 0, base: [] };
    return { finding, about: of, origin };
  });
  return placeAll(found, textOf);
}
