import type { Database } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import { parseObject } from '../database/parse.ts';
import { isRecord } from '../database/record.ts';
import { FACTS_OF_STATUS } from '../database/schema/facts.ts';
import { schemaFindings } from '../database/schema-findings.ts';
import type { Facts, DatabaseStatus } from '../database/types.ts';
import { describeProblem, formatPath } from '../database/finding.ts';
import { validatorOf } from '../database/validators.ts';
import { itemsOf } from './items.ts';
import { backupsFingerprint } from './judge-by-facts.ts';

/** The facts in what a cluster gave, or why there are none. */
export type CollectedFacts =
  | {
      readonly ok: true;
      readonly facts: Facts;
      /** Databases of which nothing can be said, as `namespace/name`. */
      readonly leftOut: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

function isDatabase(value: unknown): boolean {
  return isRecord(value) && value['kind'] === 'Database' && parseObject(value).is !== 'foreign';
}

function nameOf(value: unknown): string {
  const { metadata } = value as { readonly metadata?: { readonly namespace?: unknown; readonly name?: unknown } };
  return `${String(metadata?.namespace)}/${String(metadata?.name)}`;
}

/** The Database as the webhook sees the stored one: its valid parts when older rules let in what the present ones refuse. */
function storedDatabase(value: unknown): Database | undefined {
  const parsed = parseObject(value);
  const object = parsed.is === 'ours' ? parsed.object : parsed.is === 'wrong' ? parsed.sound : undefined;
  return object?.kind === 'Database' ? object : undefined;
}

function factsOf(database: Database): Facts['databases'][number] {
  const { namespace, name } = identify(database);
  const { generation = 0 } = database.metadata as { readonly generation?: number };
  const status = (database.status ?? {}) as DatabaseStatus;
  const backups = backupsFingerprint(database);
  const known = FACTS_OF_STATUS.filter((field) => status[field] !== undefined);
  return {
    ...{ namespace, name, generation },
    ...(backups !== undefined && { backups }),
    status: Object.fromEntries(known.map((field) => [field, status[field]])),
  };
}

function problemIn(facts: Facts): string | undefined {
  const validate = validatorOf('Facts');
  if (validate(facts)) return undefined;
  const [first] = schemaFindings(validate.errors ?? [], facts);
  return first ? `${formatPath(first.path)}: ${describeProblem(first)}` : 'the Databases have another form';
}

/** Whether a value is a list as kubectl prints one, or a Database. */
function isAnswer(value: unknown): boolean {
  if (isDatabase(value)) return true;
  return isRecord(value) && String(value['kind']).endsWith('List') && Array.isArray(value['items']);
}

/**
 * Collects the facts from the Databases in a value, as `kubectl get databases --all-namespaces --output json` prints them; other objects are
 * passed over. Pure.
 */
export function collectFacts(value: unknown, observedAt: Date): CollectedFacts {
  if (!isAnswer(value)) return { ok: false, problem: 'holds no list of Databases' };
  const values = itemsOf(value, 0).flatMap((item) => (isDatabase(item.value) ? [item.value] : []));
  const databases = values.flatMap((one) => storedDatabase(one) ?? []);
  const kept = new Set(databases.map((database) => nameOf(database)));
  const sorted = databases.toSorted((a, b) => (identityKey(identify(a)) < identityKey(identify(b)) ? -1 : 1));
  const facts = { observedAt: `${observedAt.toISOString().slice(0, 19)}Z`, databases: sorted.map(factsOf) };
  const problem = problemIn(facts);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, facts, leftOut: values.map(nameOf).filter((name) => !kept.has(name)) };
}
