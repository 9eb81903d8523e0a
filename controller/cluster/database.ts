import { OWN_PREFIX } from '../../database/vocabulary.ts';
import { describeProblem, formatPath } from '../../database/finding.ts';
import type { Finding } from '../../database/finding.ts';
import type { Database } from '../../database/object.ts';
import { isRecord } from '../../database/record.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import { databaseKind } from '../../database/schema/database.ts';
import { checkValue } from '../../policies/check.ts';
import { printable, printableLines } from '../../kubernetes/printable.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { DatabaseSeen } from '../databases/observation.ts';
import type { Projection } from './projection.ts';
import { dateAt, holdsAt, withoutAbsent, recordAt, isAt } from './json-path.ts';
import { exactLengthList, intern, internWords } from './intern.ts';
import { identity, whole } from './values.ts';

/** What is kept of a Database. Its spec is kept as it is stored: rules are held against it at each pass. */
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
  /** Whether nothing else is kept of it: then there is no spec here, and nothing of its objects. */
  readonly aside?: true;
}

/** Only its own annotations mean something to Ballast; the others may be large. It has less than these. */
const MOST_ANNOTATIONS = 32;
const LONGEST_ANNOTATION = 1024;
/** The longest message of a condition, and more. */
const LONGEST_STATUS_TEXT = 4096;
const MOST_STATUS_ITEMS = 64;
const FIELD = /^[A-Za-z]{1,63}$/;

/** A value of JSON in which no text has control characters, and none is longer than what the controller writes. */
function printableJson(value: unknown): unknown {
  if (typeof value === 'string') return printableLines(value, LONGEST_STATUS_TEXT);
  if (Array.isArray(value)) return value.slice(0, MOST_STATUS_ITEMS).map(printableJson);
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([name]) => FIELD.test(name));
  return Object.fromEntries(fields.map(([name, part]) => [name, printableJson(part)]));
}

/** The status as it is stored. Its schema gives it its form; whoever has the right to write it may have put any text there. */
function statusOf(raw: KubernetesObject): DatabaseStatus | undefined {
  const status = raw['status'];
  return isRecord(status) ? (internWords(printableJson(status)) as DatabaseStatus) : undefined;
}

/** The annotations that mean something to Ballast; the first 32, of which none is longer than a request may be. */
function annotationsOf(raw: KubernetesObject): Pick<DatabaseProjection, 'annotations' | 'cut'> {
  const ours = Object.entries(recordAt(raw.metadata, 'annotations')).filter(([key]) => key.startsWith(OWN_PREFIX));
  const kept = ours
    .slice(0, MOST_ANNOTATIONS)
    .map(([key, value]) => [key, printable(String(value), LONGEST_ANNOTATION)]);
  const isCut = ours.length > kept.length || ours.some(([, value]) => String(value).length > LONGEST_ANNOTATION);
  const annotations = Object.fromEntries(kept) as Record<string, string>;
  return { annotations, ...withoutAbsent({ cut: isCut ? 'annotations of the Database' : undefined }) };
}

/** Keeps of a Database what decisions need. */
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
    // All of them: who takes one away writes the others back.
    finalizers: exactLengthList(finalizers),
    createdAt: dateAt(raw.metadata, 'creationTimestamp') ?? new Date(0),
    spec: internWords(raw['spec']),
    ...withoutAbsent({ deletionRequestedAt: deletionOf(raw), status: statusOf(raw) }),
  };
}

/** When deletion was requested; that it was stays true when nobody can read when. */
function deletionOf(raw: KubernetesObject): Date | undefined {
  if (!isAt(raw.metadata, 'deletionTimestamp')) return undefined;
  return dateAt(raw.metadata, 'deletionTimestamp') ?? new Date(0);
}

/** What is kept of a Database that was set aside: enough to tell its owner so. */
export function stubOf(kept: DatabaseProjection): DatabaseProjection {
  const { uid, resourceVersion, owner, name, namespace, generation, finalizers, createdAt, status } = kept;
  const identity = { uid, resourceVersion, owner, name, namespace, generation, finalizers, createdAt };
  // Its namespace stays protected.
  const spec = isProtected(kept) ? { deletionPolicy: 'Protect' } : undefined;
  const conditions = status?.conditions;
  return { ...identity, annotations: {}, spec, aside: true, ...(conditions && { status: { conditions } }) };
}

/** Whether the policy of a Database keeps it, and its namespace, from being deleted. */
export function isProtected({ spec }: DatabaseProjection): boolean {
  return holdsAt('Protect', spec, 'deletionPolicy');
}

/** More than people read of one problem, and of all. */
const LONGEST_LINE = 1000;
const MOST_LINES = 64;

function lineOf(finding: Finding): string {
  const text = `${formatPath(finding.path)}: ${describeProblem(finding)}; ${finding.remedy} (${finding.rule})`;
  return printable(text, LONGEST_LINE);
}

/** What the rules say of a stored Database. */
export interface DatabaseVerdict {
  /** With its defaults; of one that breaks rules, what is right of it. */
  readonly database: Database;
  /** The rules that it breaks, a line each. */
  readonly problems: readonly string[];
}

/** A Database as decisions read it, with the rules that it breaks. */
export interface DatabaseChecked {
  readonly own: DatabaseSeen;
  readonly problems: readonly string[];
}

/** Checks a stored Database against schema and rules. */
export function verdictOn({ name, namespace, annotations, spec }: DatabaseProjection, now: Date): DatabaseVerdict {
  const value = { apiVersion: API_VERSION, kind: databaseKind.kind, metadata: { name, namespace, annotations }, spec };
  // It was let in when it was made: a rule that is newer does not hold it up.
  const checked = checkValue(value, { namespace, now, before: (object) => object });
  const findings = checked.is === 'ours' ? checked.findings : [];
  const problems = findings
    .filter(({ severity }) => severity === 'error')
    .slice(0, MOST_LINES)
    .map(lineOf);
  const object = checked.is === 'ours' ? checked.object : undefined;
  return { database: object?.kind === 'Database' ? object : standIn(value), problems };
}

/** Gives a stored Database with the verdict on it. */
export function withVerdict(kept: DatabaseProjection, { database, problems }: DatabaseVerdict): DatabaseChecked {
  const { uid, resourceVersion, generation, annotations, finalizers, createdAt, deletionRequestedAt, status } = kept;
  const own = { database, uid, resourceVersion, generation, annotations, finalizers, createdAt };
  return { own: { ...own, ...withoutAbsent({ deletionRequestedAt, status }) }, problems };
}

/** Stands for a Database of which nothing can be read: its name counts, its spec is never rendered. */
function standIn(value: { readonly metadata: object }): Database {
  return { ...value, spec: { ...databaseKind.standIns } } as Database;
}
