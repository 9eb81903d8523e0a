import { describeProblem, formatPath } from '../../database/finding.ts';
import type { Finding } from '../../database/finding.ts';
import type { Database } from '../../database/object.ts';
import { isRecord } from '../../database/record.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import { databaseKind } from '../../database/schema/database.ts';
import { checkValue } from '../../policies/check.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { keyOf } from '../kubernetes/objects.ts';
import type { DatabaseSeen } from '../observation.ts';
import type { Kept } from './kept.ts';
import { at, dateAt, present, textAt } from './raw.ts';
import { shared, sharedWords } from './shared.ts';

/** What is kept of a Database. Its spec is kept as it is stored: rules are held against it at each pass. */
export interface DatabaseKept extends Kept {
  readonly name: string;
  readonly namespace: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly createdAt: Date;
  readonly deletionRequestedAt?: Date;
  readonly spec: unknown;
  readonly status?: DatabaseStatus;
}

/** Annotations that mean something to Ballast; the others may be large. */
const OURS = 'db.example.com/';

/** The status as it is stored. Only the controller writes it, so its form is known. */
function statusOf(raw: KubernetesObject): DatabaseStatus | undefined {
  const status = at(raw, 'status');
  return isRecord(status) ? sharedWords(status) : undefined;
}

/** Keeps of a Database what decisions need. */
export function projectDatabase(raw: KubernetesObject): DatabaseKept {
  const { name, namespace = '', uid = '', resourceVersion = '', generation = 0, finalizers = [] } = raw.metadata;
  const annotations = Object.entries(raw.metadata.annotations ?? {}).filter(([key]) => key.startsWith(OURS));
  return {
    name,
    namespace,
    uid,
    resourceVersion,
    owner: shared(keyOf({ namespace, name })),
    generation,
    annotations: Object.fromEntries(annotations),
    finalizers: [...finalizers],
    createdAt: dateAt(raw.metadata, 'creationTimestamp') ?? new Date(0),
    spec: sharedWords(raw['spec']),
    ...present({ deletionRequestedAt: dateAt(raw.metadata, 'deletionTimestamp'), status: statusOf(raw) }),
  };
}

/** Whether the policy of a Database keeps it, and its namespace, from being deleted. */
export function isProtected({ spec }: DatabaseKept): boolean {
  return textAt(spec, 'deletionPolicy') === 'Protect';
}

function lineOf(finding: Finding): string {
  return `${formatPath(finding.path)}: ${describeProblem(finding)}; ${finding.remedy} (${finding.rule})`;
}

/** A Database as decisions read it, with the rules that it breaks as lines. */
export interface DatabaseChecked {
  readonly own: DatabaseSeen;
  readonly problems: readonly string[];
}

/** Holds a stored Database against the rules. Of one that breaks them, what is right of it is taken. */
export function checkDatabase(kept: DatabaseKept, now: Date): DatabaseChecked {
  const { name, namespace, annotations, spec } = kept;
  const value = { apiVersion: API_VERSION, kind: databaseKind.kind, metadata: { name, namespace, annotations }, spec };
  // It was let in when it was made: a rule that is newer does not hold it up.
  const checked = checkValue(value, { namespace, now, before: (object) => object });
  const findings = checked.is === 'ours' ? checked.findings : [];
  const problems = findings.filter(({ severity }) => severity === 'error').map(lineOf);
  const object = checked.is === 'ours' ? checked.object : undefined;
  const database = object?.kind === 'Database' ? object : standIn(value);
  const { uid, resourceVersion, generation, finalizers, createdAt, deletionRequestedAt, status } = kept;
  const own = { database, uid, resourceVersion, generation, annotations, finalizers, createdAt };
  return { own: { ...own, ...present({ deletionRequestedAt, status }) }, problems };
}

/** Stands for a Database of which nothing can be read: its name counts, its spec is never rendered. */
function standIn(value: { readonly metadata: object }): Database {
  return { ...value, spec: { ...databaseKind.standIns } } as Database;
}
