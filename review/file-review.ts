import type { BallastObject, Identity } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import { outside } from '../database/paths.ts';
import { Places } from '../database/read/place.ts';
import { readYaml } from '../database/read/yaml.ts';
import { isRecord } from '../database/record.ts';
import type { Checked } from '../policies/check.ts';
import { checkValue } from '../policies/check.ts';
import type { Entry, ForeignObject, PreviousEntries } from './entry.ts';
import { mergedSummaries, summaryOf } from './entry.ts';
import type { Facts } from './facts.ts';
import { fileOnlyFindings, isNamespaceAssumed } from './file-only-findings.ts';
import type { Item } from './items.ts';
import { itemsOf, trapsIn } from './items.ts';
import { judgeBy } from './judge-by-facts.ts';
import type { LocatedFinding } from './located-finding.ts';
import { fileFinding, placeFinding } from './located-finding.ts';
import type { JudgedObject } from './merge.ts';
import { judge } from './merge.ts';
import { othersIn } from './names-taken.ts';
import { misplacedSettings } from './settings.ts';
import type { FileSummary, Source } from './source.ts';
import { mayHoldOurs } from './source.ts';

/** A source with its objects and the findings of the rules about single objects. */
export interface FileReview extends FileSummary {
  readonly file: string;
  readonly entries: readonly Entry[];
  readonly foreign: readonly ForeignObject[];
  /** Whether a part of the source may be a Ballast object, but cannot be read as one. */
  readonly isUnclear: boolean;
}

/** Options of a review of sources. */
export interface ReviewOptions {
  /** The namespace assumed for objects that name none. */
  readonly namespace: string;
  /** Whether an object must name its namespace. */
  readonly requireNamespace: boolean;
  readonly now: Date;
  /** What the cluster says of its Databases; absent when nothing is known. */
  readonly facts?: Facts;
}

/** The contents of a text. */
type Content = Pick<FileReview, 'entries' | 'foreign' | 'findings' | 'isUnclear'>;

type CheckedItem = Checked & { readonly item: Item } & Pick<Entry, 'result'>;

function unreadable(findings: readonly LocatedFinding[]): Content {
  return { entries: [], foreign: [], findings, isUnclear: true };
}

function identityIn(value: unknown, namespace: string): Identity {
  const { kind, metadata } = value as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } | null };
  const text = (part: unknown, otherwise: string): string => (typeof part === 'string' ? part : otherwise);
  return {
    kind: text(kind, ''),
    namespace: text(metadata?.namespace, namespace),
    name: text(metadata?.name, ''),
  };
}

/** Checks one item; against a revision, in its state after the merge. */
function checkItem(item: Item, options: ReviewOptions, previous: PreviousEntries | undefined): CheckedItem {
  if (!previous) return { item, ...checkValue(item.value, options) };
  let judged: JudgedObject | undefined;
  const once = (ours: BallastObject): JudgedObject => {
    const key = identityKey(identify(ours));
    return (judged ??= judge({
      base: previous.base?.get(key)?.object,
      theirs: previous.theirs.get(key)?.object,
      ours,
    }));
  };
  const checked = checkValue(item.value, {
    ...options,
    before: (object) => once(object).old,
    result: (object) => once(object).object,
    judge: judgeBy(options.facts, options),
  });
  return { item, ...checked, result: judged?.result };
}

/** Reviews all documents of a source's text. */
function reviewText(
  { file, name }: Source,
  text: string,
  options: ReviewOptions,
  previous: PreviousEntries | undefined,
): Content {
  const yaml = readYaml(text);
  if (!yaml.ok) return unreadable([fileFinding(file, yaml.problem)]);
  const items = yaml.values.flatMap((value, document) => itemsOf(value, document));
  const checked = items.map((item) => checkItem(item, options, previous));
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
    const about = identityIn(item.value, options.namespace);
    const all = [...trapped, ...others, ...fileOnlyFindings(item.value, object, options)];
    return all.map((finding) => placeFinding(finding, about, { file, ...item }, places));
  });
  const entries = ours.flatMap(({ item: { value, document, base }, object, result }) => {
    const origin = { file, document, base };
    return object ? [{ object, result, origin, source: name, isAssumed: isNamespaceAssumed(value) }] : [];
  });
  const foreign = checked.flatMap(({ is, item: { value } }) =>
    is === 'foreign' && isRecord(value) ? [{ value, source: name }] : [],
  );
  const isUnclear = ours.some(({ object }) => object?.metadata.name === undefined);
  return { entries, foreign, findings, isUnclear };
}

/** Adds the findings about the bytes of a file, which matter only when the file holds a Ballast object. */
function withOddities(content: Content, oddities: readonly LocatedFinding[]): Content {
  const isOurs = content.entries.length > 0 || content.findings.length > 0;
  return isOurs ? { ...content, findings: [...oddities, ...content.findings] } : content;
}

/**
 * Reduces a file found in a folder to the parts that concern Ballast: templates and settings of other programs, which are often not valid
 * YAML, do not; Ballast settings in a place where they have no effect do.
 */
function onlyOurs({ file, isNamed, isWhole }: Source, text: string, content: Content): Content {
  if (isNamed) return content;
  const misplaced = misplacedSettings(file, content.foreign);
  if (misplaced) return { ...content, findings: [...content.findings, misplaced] };
  if (isWhole) return content;
  const isUnread = content.findings.length > 0 && content.entries.length === 0;
  return isUnread && !mayHoldOurs(text) ? { ...content, findings: [], isUnclear: false } : content;
}

/** Reads and reviews one source; against a revision, in its state after the merge. */
export function reviewSource(source: Source, options: ReviewOptions, previous?: PreviousEntries): FileReview {
  const { file } = source;
  const found = source.read();
  const nothing = { file, objects: [], others: [] };
  if (!found) return { ...nothing, ...unreadable([]), isUnclear: false, isRendering: true };
  if (found.text === undefined) return { ...nothing, ...unreadable(found.findings) };
  const whole = withOddities(reviewText(source, found.text, options, previous), found.findings);
  const content = onlyOurs(source, found.text, whole);
  const { entries, foreign } = content;
  const objects = entries.flatMap((entry) => (previous ? mergedSummaries(entry, previous) : [summaryOf(entry)]));
  return { ...nothing, ...content, objects, others: othersIn(foreign, file, options.namespace) };
}
