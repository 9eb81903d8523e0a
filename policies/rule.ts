import type { EngineName } from '../database/engines/index.ts';
import type { Problem } from '../database/finding.ts';
import type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser } from '../database/object.ts';
import type { Severity } from '../database/finding.ts';
import type { Summary } from './summary.ts';

/** The kinds by name, so that a rule's check has the type of its kind. */
export interface ObjectOf {
  Database: Database;
  DatabaseBackup: DatabaseBackup;
  DatabaseRestore: DatabaseRestore;
  DatabaseUser: DatabaseUser;
}

/** Name of a kind. */
export type KindName = keyof ObjectOf;

/** The occasions of a check: an object is written (created or changed), created, changed, or deleted. */
export type Occasion = 'write' | 'create' | 'update' | 'delete';

/** The inputs of a rule besides the objects: only the time, because rules must not differ between the places where they run. */
export interface Context {
  readonly now: Date;
}

/**
 * A problem whose path and remedy default to the rule's own. An error of a warning's rule is certain; a warning of an error's rule depends
 * on what is not known here.
 */
export type Found = Partial<Problem> & Pick<Problem, 'problem'> & { readonly severity?: Severity };

/** One example of a rule: fields to lay over a small valid object, and the object before the change. */
export interface Example {
  readonly spec?: object;
  readonly metadata?: object;
  /** What the controller has written; only for rules about deletions. */
  readonly status?: object;
  /** The object before the change; only for rules about updates. */
  readonly was?: { readonly spec?: object; readonly metadata?: object; readonly status?: object };
}

/** The facts of every rule, from which pages, messages and tests are made. */
interface Facts {
  readonly id: string;
  /** The path of its problems, with dots, for example `spec.backup.schedule`. */
  readonly path: string;
  readonly severity: Severity;
  /** The reason of the rule: one or two sentences that convince a user. */
  readonly why: string;
  /** The remedy, as an imperative clause. */
  readonly remedy: string;
}

/** A rule about one object and, on updates, the same object before. */
export interface ObjectRule<K extends KindName = KindName> extends Facts {
  readonly kinds: readonly K[];
  /** The engine whose Databases it is about; those of every engine when absent. Neither check nor CEL asks for it again. */
  readonly engine?: EngineName;
  readonly on: Occasion;
  /**
   * The same rule in CEL, where CEL can express it: `self` is the spec, `oldSelf` the spec before, for rules on updates. In a rule about
   * `metadata`, or one that reads the status, both are the whole object.
   */
  readonly cel?: string;
  /** Whether the CEL reads more than the spec. */
  readonly celOfObject?: true;
  /** The kinds with this CEL; all of the rule's when absent. */
  readonly celKinds?: readonly KindName[];
  readonly allowed: readonly Example[];
  readonly denied: readonly Example[];
  readonly check: (object: ObjectOf[K], old: ObjectOf[K] | undefined, context: Context) => readonly Found[];
}

/** A rule about all objects of a tree together. */
export interface TreeRule extends Facts {
  readonly allowed: readonly (readonly object[])[];
  readonly denied: readonly (readonly object[])[];
  readonly check: (tree: readonly Summary[]) => readonly { readonly of: Summary; readonly found: Found }[];
}

/** A rule on the text of a file: the reader itself checks it, so only its facts are here. */
export interface ReadingRule extends Facts {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/** A rule of any sort; each has a page. */
export type AnyRule = ObjectRule | TreeRule | ReadingRule;

/** Whether `self` is the whole object in a rule's CEL, and not its spec. */
export function isCelOfObject({ path, celOfObject }: Pick<ObjectRule, 'path' | 'celOfObject'>): boolean {
  return celOfObject === true || path.startsWith('metadata');
}

/** The CEL of a rule for a kind; undefined where there is none. */
export function celFor({ cel, kinds, celKinds = kinds }: ObjectRule, kind: KindName): string | undefined {
  return celKinds.includes(kind) ? cel : undefined;
}

function isOfEngine({ spec }: ObjectOf[KindName], engine: EngineName): boolean {
  return 'engine' in spec && spec.engine === engine;
}

/** Makes a rule about objects, with matching types of kinds and check. A rule about one engine finds nothing in Databases of others. */
export function objectRule<K extends KindName>(rule: ObjectRule<K>): ObjectRule {
  const { engine, check, cel } = rule;
  if (engine === undefined) return rule as unknown as ObjectRule;
  const ofEngine: ObjectRule<K> = {
    ...rule,
    ...(cel !== undefined && {
      cel: `${isCelOfObject(rule) ? 'self.spec' : 'self'}.engine != '${engine}' || (${cel})`,
    }),
    check: (object, old, context) => (isOfEngine(object, engine) ? check(object, old, context) : []),
  };
  return ofEngine as unknown as ObjectRule;
}
