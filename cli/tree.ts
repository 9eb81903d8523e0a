import { identify, identityKey, type BallastObject } from '../database/object.ts';
import type { Finding } from '../database/finding.ts';
import { liesWithin } from '../database/parse.ts';
import { findTraps } from '../database/read/traps.ts';
import { readYaml } from '../database/read/yaml.ts';
import { isRecord } from '../database/record.ts';
import { checkValue } from '../policies/check.ts';
import { evaluate, evaluateTree } from '../policies/evaluate.ts';
import type { Summary } from '../policies/summary.ts';
import { summarize } from '../policies/summary.ts';
import type { About, LocatedFinding, Origin } from './located.ts';
import { fileFinding, placeFinding } from './located.ts';
import { decodeText } from './text.ts';

/** An object of Ballast's in a tree of files, and where it stands there. */
export interface Entry {
  readonly object: BallastObject;
  readonly origin: Origin;
  /** Name of the file below the path that was asked for. */
  readonly source: string;
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
}

/** What rules of the whole tree look at in one object, and where that stands. */
export interface TreeMember {
  readonly summary: Summary;
  readonly origin: Origin;
}

/** How files are read and checked. */
export interface ReadOptions {
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly now: Date;
  /** The objects before the change, by identity; without them the rules about updates are left out. */
  readonly before?: ReadonlyMap<string, Entry>;
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

/** Traps in an item, with paths from the item itself. */
function trapsOf({ value, document, base }: Item, text: string): Finding[] {
  return findTraps(text, document, value)
    .filter(({ path }) => base.every((part, at) => path[at] === part))
    .map((finding) => ({ ...finding, path: finding.path.slice(base.length) }));
}

/** The API server makes a name from generateName; a file has nobody who would. */
function namelessness({ metadata: { name, generateName } }: BallastObject): Finding[] {
  if (name !== undefined || !generateName) return [];
  const remedy = 'add a name, and remove generateName: it makes a new object at every sync';
  return [{ rule: 'name-valid', severity: 'error', path: ['metadata', 'name'], problem: 'must be set', remedy }];
}

function beforeOf(object: BallastObject, { before }: ReadOptions): BallastObject | undefined {
  return before?.get(identityKey(identify(object)))?.object;
}

/** Reads and checks the text of one file, all documents of it. */
function checkText(file: string, source: string, text: string, options: ReadOptions): FileContent {
  const yaml = readYaml(text);
  if (!yaml.ok) return { entries: [], foreign: [], findings: [fileFinding(file, yaml.problem)] };
  const entries: Entry[] = [];
  const foreign: Foreign[] = [];
  const findings: LocatedFinding[] = [];
  for (const item of yaml.values.flatMap((value, document) => itemsOf(value, document))) {
    const origin = { file, document: item.document, base: item.base };
    const checked = checkValue(item.value, { ...options, before: (object) => beforeOf(object, options) });
    if (checked.is === 'foreign') {
      if (isRecord(item.value)) foreign.push({ value: item.value, source });
      continue;
    }
    const { object } = checked;
    const about = aboutValue(item.value, options.namespace);
    const traps = trapsOf(item, text);
    const seen = traps.map(({ path }) => path);
    const others = checked.findings.filter(({ path }) => !liesWithin(path, seen));
    const found = [...traps, ...others, ...(object ? namelessness(object) : [])];
    findings.push(...found.map((finding) => placeFinding(finding, about, origin, text)));
    if (object) entries.push({ object, origin, source });
  }
  return { entries, foreign, findings };
}

/** Reads and checks one file's bytes. */
export function checkFile(file: string, source: string, bytes: Uint8Array, options: ReadOptions): FileContent {
  const decoded = decodeText(file, bytes);
  if (decoded.text === undefined) return { entries: [], foreign: [], findings: decoded.findings };
  const content = checkText(file, source, decoded.text, options);
  // Oddities of the bytes matter only in a file that holds something of ours.
  const ours = content.entries.length > 0 || content.findings.length > 0;
  return ours ? { ...content, findings: [...decoded.findings, ...content.findings] } : content;
}

/** What the rules about the whole tree look at in an entry. */
export function memberOf({ object, origin }: Entry): TreeMember {
  return { summary: summarize(object), origin };
}

/** Checks the rules about all objects together. `textOf` reads a file again, only when it has a finding. */
export function checkTree(members: readonly TreeMember[], textOf: (file: string) => string): LocatedFinding[] {
  const origins = new Map(members.map(({ summary, origin }) => [summary, origin]));
  return evaluateTree(members.map(({ summary }) => summary)).map(({ of, finding }) => {
    const origin = origins.get(of) ?? { file: '', document: 0, base: [] };
    return placeFinding(finding, of, origin, textOf(origin.file));
  });
}

/** Checks that every object which was there before and is not any more may be deleted. */
export function checkDeletions(
  before: ReadonlyMap<string, Entry>,
  now: ReadonlySet<string>,
  context: { now: Date; textOf: (file: string) => string },
): LocatedFinding[] {
  const gone = [...before].filter(([key]) => !now.has(key)).map(([, entry]) => entry);
  return gone.flatMap(({ object, origin }) =>
    evaluate({ object, deleted: true }, { now: context.now }).map((finding) =>
      placeFinding(
        { ...finding, problem: `${finding.problem} (it was removed)` },
        identify(object),
        origin,
        context.textOf(origin.file),
      ),
    ),
  );
}
