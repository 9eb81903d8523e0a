import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import { sortedJson } from '../../../database/sorted-json.ts';
import { BACKUPS_ANNOTATION, MADE_FROM, VERIFIED_ANNOTATION } from '../../../database/vocabulary.ts';
import { ALL_KINDS } from '../../../lab/world/fake-api/kinds.ts';
import type { FakeApiServer } from '../../../lab/world/fake-api-server.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import { part } from '../../../lab/world/objects.ts';

/** Kinds whose objects come and go without meaning anything for the end. */
const PASSING = new Set(['Event', 'Lease']);
/** What depends on when something happened, or how often. */
const VOLATILE = new Set([
  ...['renewTime', 'acquireTime', 'transitions', 'status', 'db.example.com/configured-at'],
  ...['db.example.com/in-force-since', 'retain_slots', BACKUPS_ANNOTATION, MADE_FROM, VERIFIED_ANNOTATION],
]);

function without(record: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): Plain {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

function conditionsOf(status: Plain): unknown[][] {
  const { conditions = [] } = status as { conditions?: Plain[] };
  const timeless = (message: unknown): string => String(message).replace(TIME, 'TIME');
  return conditions.map(({ type, status: value, reason, message }) => [type, value, reason, timeless(message)]);
}

/** A moment in a message. */
const TIME = /\d{4}-\d\d-\d\dT[\d:]+Z/g;
/** What a status says of the backups that were made, which are named after their time. */
const OF_BACKUPS = new Set(['lastBackup', 'lastVerified', 'restorable']);

/** The desired state and the status of an object, without the parts that differ from run to run. */
function contentOf(object: KubernetesObject): unknown {
  const { kind } = object;
  const status = part(object, 'status');
  switch (kind) {
    case 'Database':
      return [object['spec'], without(status, new Set(['conditions', ...OF_BACKUPS])), conditionsOf(status)];
    case 'DatabaseBackup':
      return [
        object['spec'],
        status['phase'],
        conditionsOf(status).map(([type, value, reason]) => [type, value, reason]),
      ];
    case 'Pod':
      return conditionsOf(status).map(([type, value]) => [type, value]);
    case 'Secret':
      return Object.keys(part(object, 'data')).sort();
    default:
      return without(object, new Set(['metadata', 'status']));
  }
}

/** Uids are given out in the order of making, which differs. */
function named(annotations: Plain, uids: ReadonlyMap<string, string>): Plain {
  const entries = Object.entries(without(annotations, VOLATILE));
  return Object.fromEntries(entries.map(([name, value]) => [name, uids.get(String(value)) ?? value]));
}

const lines = new WeakMap<KubernetesObject, { readonly of: string; readonly line: string }>();

/** Objects that are stored never change: a line is worked out once. */
function lineOf(object: KubernetesObject, uids: ReadonlyMap<string, string>): string {
  const of = [...uids.keys()].join();
  const known = lines.get(object);
  if (known?.of === of) return known.line;
  const line = lineAbout(object, uids);
  lines.set(object, { of, line });
  return line;
}

function lineAbout(object: KubernetesObject, uids: ReadonlyMap<string, string>): string {
  const { labels = {}, annotations = {}, finalizers = [], deletionTimestamp } = object.metadata;
  const metadata = {
    labels,
    annotations: named(annotations, uids),
    finalizers,
    going: deletionTimestamp !== undefined,
  };
  return `${String(object.kind)} ${keyOf(object.metadata)} ${sortedJson({ metadata, content: contentOf(object) })}`;
}

/** Everything that is there, in lines that two runs which ended alike have in common. */
export function summaryOf(fake: FakeApiServer): string[] {
  const uids = new Map(fake.all('Database').map(({ metadata }) => [metadata.uid ?? '', `uid of ${metadata.name}`]));
  const objects = ALL_KINDS.filter(({ kind }) => !PASSING.has(kind)).flatMap(({ kind }) => fake.all(kind));
  return objects.map((object) => lineOf(object, uids)).sort();
}

/**
 * The same lines with the names of the leader and of the first member exchanged. Two runs that differ only in their leader then give
 * the same lines; a run without a leader, with two, or with a leader that is no member, does not.
 */
export function withFirstLeading(lines: readonly string[], leader: string): string[] {
  const first = leader.replace(/\d+$/, '0');
  const exchanged = new Map([
    [leader, first],
    [first, leader],
  ]);
  const member = new RegExp(`${first.slice(0, -1)}\\d+`, 'g');
  // A Role and the settings of pgBackRest name all members in order, whichever leads.
  const exchange = (line: string): string =>
    /^(?:Role|ConfigMap \S+-settings) /.test(line) ? line : line.replace(member, (name) => exchanged.get(name) ?? name);
  return lines.map(exchange).sort();
}

/** Lines that only one of two summaries has. */
export function difference(one: readonly string[], other: readonly string[]): string {
  const [lost, more] = [one.filter((line) => !other.includes(line)), other.filter((line) => !one.includes(line))];
  return [...lost.map((line) => `- ${line}`), ...more.map((line) => `+ ${line}`)].join('\n');
}
