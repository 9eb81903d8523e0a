import { OWN_PREFIX } from '../../database/vocabulary.ts';
import { describeProblem, formatPath } from '../../database/finding.ts';
import type { Finding } from '../../database/finding.ts';
import type { Database } from '../../database/object.ts';
import { isRecord } from '../../database/record.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import { databaseKind } from '../../database/schema/database.ts';
import type { Checked } from '../../policies/check.ts';
import { checkValue } from '../../policies/check.ts';
import { printable, printableLines } from '../../kubernetes/printable.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { DatabaseSeen } from '../databases/observation.ts';
import type { Projection } from './projection.ts';
import { dateAt, holdsAt, withoutAbsent, recordAt, isAt } from './json-path.ts';
import { exactLengthList, intern, internWords } from './intern.ts';
import { identity, whole } from './values.ts';

/** The stored part of a Database. The spec stays as the API server returns it, because rules are checked in each pass. */
export interface DatabaseProjection extends Projection {
  readonly name: string;
  readonly namespace: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly createdAt: Date;
  readonly deletionRequestedAt?: Date;
  readonly spec: unknown;
  readonly status?: DatabaseStatus;
  /** Whether the Database was set aside: then neither its spec nor its objects are stored. */
  readonly aside?: true;
}

/** Only Ballast's own annotations are read; others may be large. There are fewer than these. */
const MOST_ANNOTATIONS = 32;
const LONGEST_ANNOTATION = 1024;
/** Longer than the longest message of a condition. */
const LONGEST_STATUS_TEXT = 4096;
const MOST_STATUS_ITEMS = 64;
const FIELD = /^[A-Za-z]{1,63}$/;

/** A JSON value whose texts have no control characters and are no longer than the controller writes. */
function printableJson(value: unknown): unknown {
  if (typeof value === 'string') return printableLines(value, LONGEST_STATUS_TEXT);
  if (Array.isArray(value)) return value.slice(0, MOST_STATUS_ITEMS).map(printableJson);
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([name]) => FIELD.test(name));
  return Object.fromEntries(fields.map(([name, part]) => [name, printableJson(part)]));
}

/** The stored status. Its schema fixes its form; its texts may come from any user with the right to write it. */
export function storedStatus(raw: KubernetesObject): object | undefined {
  const status = raw['status'];
  return isRecord(status) ? (internWords(printableJson(status)) as object) : undefined;
}

/** Ballast's annotations, the first 32 of them; none longer than a request may be. */
function annotationsOf(raw: KubernetesObject): Pick<DatabaseProjection, 'annotations' | 'cut'> {
  const ours = Object.entries(recordAt(raw.metadata, 'annotations')).filter(([key]) => key.startsWith(OWN_PREFIX));
  const kept = ours
    .slice(0, MOST_ANNOTATIONS)
    .map(([key, value]) => [key, printable(String(value), LONGEST_ANNOTATION)]);
  const isCut = ours.length > kept.length || ours.some(([, value]) => String(value).length > LONGEST_ANNOTATION);
  const annotations = Object.fromEntries(kept) as Record<string, string>;
  return { annotations, ...withoutAbsent({ cut: isCut ? 'annotations of the Database' : undefined }) };
}

/** Projects a Database to the part that decisions read. */
export function projectDatabase(raw: KubernetesObject): DatabaseProjection {
  const { name, namespace = '', uid, resourceVersion, finalizers = [] } = raw.metadata;
  return {
    name,
    namespace,
    uid: identity(uid),
    resourceVersion: identity(resourceVersion),
    owner: intern(keyOf({ namespace, name })),
    generation: whole(raw.metadata.generation) ?? 0,
    ...annotationsOf(raw),
    // All finalizers: removing one writes the others back.
    finalizers: exactLengthList(finalizers),
    createdAt: dateAt(raw.metadata, 'creationTimestamp') ?? new Date(0),
    spec: internWords(raw['spec']),
    ...withoutAbsent({ deletionRequestedAt: deletionOf(raw), status: storedStatus(raw) }),
  };
}

/** The time of the request for deletion; an unreadable time still counts as a request. */
function deletionOf(raw: KubernetesObject): Date | undefined {
  if (!isAt(raw.metadata, 'deletionTimestamp')) return undefined;
  return dateAt(raw.metadata, 'deletionTimestamp') ?? new Date(0);
}

/** The stored part of a Database that was set aside: enough to report that in its status. */
export function stubOf(kept: DatabaseProjection): DatabaseProjection {
  const { uid, resourceVersion, owner, name, namespace, generation, finalizers, createdAt, status } = kept;
  const identity = { uid, resourceVersion, owner, name, namespace, generation, finalizers, createdAt };
  // The namespace stays protected.
  const spec = isProtected(kept) ? { deletionPolicy: 'Protect' } : undefined;
  const conditions = status?.conditions;
  return { ...identity, annotations: {}, spec, aside: true, ...(conditions && { status: { conditions } }) };
}

/** Whether the deletion policy protects a Database and its namespace from deletion. */
export function isProtected({ spec }: DatabaseProjection): boolean {
  return holdsAt('Protect', spec, 'deletionPolicy');
}

/** Maximum length of one problem, and of all problems, in a message. */
const LONGEST_LINE = 1000;
const MOST_LINES = 64;

function lineOf(finding: Finding): string {
  const text = `${formatPath(finding.path)}: ${describeProblem(finding)}; ${finding.remedy} (${finding.rule})`;
  return printable(text, LONGEST_LINE);
}

/** The verdict of the rules on a stored Database. */
export interface DatabaseVerdict {
  /** With its defaults; of an invalid one, its valid parts. */
  readonly database: Database;
  /** The violated rules, one line each. */
  readonly problems: readonly string[];
}

/** A Database with defaults and the rules that it violates. */
export interface DatabaseChecked {
  readonly own: DatabaseSeen;
  readonly problems: readonly string[];
}

/** The errors among the findings about an object, one line each. */
export function problemsIn(checked: Checked): string[] {
  const findings = checked.is === 'ours' ? checked.findings : [];
  return findings
    .filter(({ severity }) => severity === 'error')
    .slice(0, MOST_LINES)
    .map(lineOf);
}

/** Checks a stored Database against schema and rules. */
export function verdictOn({ name, namespace, annotations, spec }: DatabaseProjection, now: Date): DatabaseVerdict {
  const value = { apiVersion: API_VERSION, kind: databaseKind.kind, metadata: { name, namespace, annotations }, spec };
  // The Database was admitted when it was created: a newer rule about creation does not apply.
  const checked = checkValue(value, { namespace, now, before: (object) => object });
  const problems = problemsIn(checked);
  const object = checked.is === 'ours' ? checked.object : undefined;
  return { database: object?.kind === 'Database' ? object : standIn(value), problems };
}

/** Combines a stored Database with its verdict. */
export function withVerdict(kept: DatabaseProjection, { database, problems }: DatabaseVerdict): DatabaseChecked {
  const { uid, resourceVersion, generation, annotations, finalizers, createdAt, deletionRequestedAt, status } = kept;
  const own = { database, uid, resourceVersion, generation, annotations, finalizers, createdAt };
  return { own: { ...own, ...withoutAbsent({ deletionRequestedAt, status }) }, problems };
}

/** Replaces an unreadable Database: decisions use its name, and its spec is never rendered. */
function standIn(value: { readonly metadata: object }): Database {
  return { ...value, spec: { ...databaseKind.standIns } } as Database;
}
