import { dump } from 'js-yaml';
import type { BallastObject } from '../../database/object.ts';
import { withDefaults } from '../../database/parse.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import { kindNamed } from '../../database/schema/kinds.ts';
import type { Change } from '../../policies/evaluate.ts';
import type { Context, Example, KindName, ObjectRule } from '../../policies/rule.ts';

/** The time of every contract test: after the moments that examples call past, before those they call future. */
export const CONTEXT: Context = { now: new Date('2026-11-20T12:00:00Z') };

/** Fields of an object, as an example gives them. */
export interface Fields {
  readonly spec?: object;
  readonly metadata?: object;
  readonly status?: object;
}

const SPECS: Readonly<Record<KindName, object>> = {
  Database: { version: 16, storage: { size: '10Gi' } },
  DatabaseBackup: { databaseRef: { name: 'orders' } },
  DatabaseRestore: { databaseRef: { name: 'orders' }, backupRef: { name: 'nightly' }, confirmOverwrite: 'orders' },
  DatabaseUser: { databaseRef: { name: 'orders' }, username: 'reporting' },
};

/** A small valid object of the kind as a user writes it, with the fields laid over it one by one. */
export function written(kind: KindName, { spec, metadata, status }: Fields = {}): Record<string, unknown> {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name: 'orders', namespace: 'shop', ...metadata },
    spec: { ...SPECS[kind], ...spec },
    ...(status && { status }),
  };
}

/** The object as the rules see it: with static defaults, whether or not it passes its schema. */
export function seen(object: Record<string, unknown>): BallastObject {
  const kind = kindNamed(String(object['kind']));
  if (!kind) throw new TypeError(`${String(object['kind'])} is no kind`);
  return withDefaults(kind, object) as unknown as BallastObject;
}

/** A kind and the fields of one example of it. */
export interface Case {
  readonly kind: KindName;
  readonly example: Example;
}

/** The change that an example describes: an object that is written, changed or deleted. */
export function changeOf({ on }: ObjectRule, { kind, example }: Case): Change {
  const object = seen(written(kind, example));
  if (on === 'delete') return { object, deleted: true };
  return example.was ? { object, old: seen(written(kind, example.was)) } : { object };
}

type Spec = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * The same example for another kind that the rule is about, when that kind has the field; else undefined. A Database's
 * backup has a schedule by default and a destination, a DatabaseBackup has none.
 */
function translated(example: Example, kind: KindName): Example | undefined {
  const spec = (example.spec ?? {}) as Spec;
  if (example.spec === undefined) return example;
  if (kind === 'DatabaseBackup' && spec['backup']) {
    const fields = Object.entries(spec['backup']).filter(([name]) => name !== 'destination');
    return { spec: { schedule: '@daily', ...Object.fromEntries(fields) } };
  }
  const time = (spec['bootstrap']?.['restore'] as (Fields & { targetTime?: string }) | undefined)?.targetTime;
  return kind === 'DatabaseRestore' && time !== undefined ? { spec: { targetTime: time } } : undefined;
}

/** The examples of a rule, for each kind that it is about. They are written for the first. */
export function casesOf({ kinds, path }: ObjectRule, examples: readonly Example[]): Case[] {
  const [first, ...others] = kinds;
  return examples.flatMap((example): Case[] => [
    ...(first ? [{ kind: first, example }] : []),
    ...others.flatMap((kind): Case[] => {
      const same = path.startsWith('metadata') ? example : translated(example, kind);
      return same ? [{ kind, example: same }] : [];
    }),
  ]);
}

/** The objects of a tree rule's example: a Database each, unless it names another kind. */
export function treeObjects(example: readonly object[]): Record<string, unknown>[] {
  return example.map((fields) => {
    const { kind = 'Database', ...rest } = fields as Fields & { kind?: KindName };
    return written(kind, rest);
  });
}

/** Objects as one YAML text, a document each. */
export function yamlOf(...objects: readonly object[]): string {
  return objects.map((object) => dump(object, { lineWidth: -1 })).join('---\n');
}
