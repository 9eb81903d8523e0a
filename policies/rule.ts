import type { EngineName } from '../database/engines/index.ts';
import type { Problem } from '../database/finding.ts';
import type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser } from '../database/object.ts';
import type { Severity } from '../database/finding.ts';
import type { Summary } from './summary.ts';

/** The kinds by name, so that a rule's check is typed by the kind that it is about. */
export interface ObjectOf {
  Database: Database;
  DatabaseBackup: DatabaseBackup;
  DatabaseRestore: DatabaseRestore;
  DatabaseUser: DatabaseUser;
}

/** Name of a kind. */
export type KindName = keyof ObjectOf;

/** What happens to an object: it is written (made or changed), made, changed, or deleted. */
export type Occasion = 'write' | 'create' | 'update' | 'delete';

/** What a rule may know beside the objects: nothing that differs between the places where rules run, but the time. */
export interface Context {
  readonly now: Date;
}

/** A problem whose path and remedy are the rule's own unless it gives others; an error of a warning's rule is certain. */
export type Found = Partial<Problem> & Pick<Problem, 'problem'> & { readonly severity?: 'error' };

/** One example of a rule: fields that are laid over a small valid object, and the object as it was before. */
export interface Example {
  readonly spec?: object;
  readonly metadata?: object;
  /** The object before the change; only for rules about updates. */
  readonly was?: { readonly spec?: object; readonly metadata?: object; readonly status?: object };
}

/** What is the same in every rule: its facts, from which pages, messages and tests are made. */
interface Facts {
  readonly id: string;
  /** Where its problems are, with dots, for example `spec.backup.schedule`. */
  readonly path: string;
  readonly severity: Severity;
  /** Why the rule is there: one or two sentences that a user can agree with. */
  readonly why: string;
  /** What to do, as an imperative clause. */
  readonly remedy: string;
}

/** A rule about one object and, on updates, the same object before. */
export interface ObjectRule<K extends KindName = KindName> extends Facts {
  readonly kinds: readonly K[];
  /** The engine whose Databases it is about; those of every engine when absent. Neither check nor CEL asks for it again. */
  readonly engine?: EngineName;
  readonly on: Occasion;
  /**
   * The same rule in CEL, where CEL can say it: `self` is the spec, `oldSelf` the spec before, for rules on updates. A
   * rule about `metadata`, or one that looks at the status, has the whole object.
   */
  readonly cel?: string;
  /** Whether the CEL looks at more than the spec. */
  readonly celOfObject?: true;
  /** The kinds that the CEL is about; all of the rule's when absent. */
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

/** A rule on the text of a file: its check is the reader itself, so that only its facts stand here. */
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

/** The CEL of a rule for a kind; undefined where it has none. */
export function celFor({ cel, kinds, celKinds = kinds }: ObjectRule, kind: KindName): string | undefined {
  return celKinds.includes(kind) ? cel : undefined;
}

function isOfEngine({ spec }: ObjectOf[KindName], engine: EngineName): boolean {
  return 'engine' in spec && spec.engine === engine;
}

/** Makes a rule about objects; kinds and check fit together. One about an engine finds nothing in Databases of others. */
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
