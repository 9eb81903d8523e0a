import type { Finding } from '../database/finding.ts';
import { pathOf } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import type { Context, Found, KindName, ObjectRule, Occasion, TreeRule } from './rule.ts';
import { OBJECT_RULES, TREE_RULES } from './rules/index.ts';
import type { Summary } from './summary.ts';

/** One object that is written, changed or deleted. */
export interface Change {
  readonly object: BallastObject;
  /** The object before, on updates. */
  readonly old?: BallastObject;
  readonly deleted?: boolean;
}

type Facts = Pick<ObjectRule | TreeRule, 'id' | 'path' | 'severity' | 'remedy'>;

function toFinding({ id, path, severity, remedy }: Facts, found: Found): Finding {
  return { rule: id, severity, path: pathOf(path), remedy, ...found };
}

function byKind(): ReadonlyMap<string, readonly ObjectRule[]> {
  const rules = new Map<KindName, ObjectRule[]>();
  for (const rule of OBJECT_RULES) {
    for (const kind of rule.kinds) rules.set(kind, [...(rules.get(kind) ?? []), rule]);
  }
  return rules;
}

const RULES = byKind();

function applies(on: Occasion, { old, deleted = false }: Change): boolean {
  if (deleted || on === 'delete') return deleted && on === 'delete';
  return on === 'write' || old !== undefined;
}

/** Holds one change against every rule about single objects. Pure: the same change and time give the same findings. */
export function evaluate(change: Change, context: Context): Finding[] {
  const { object, old } = change;
  return (RULES.get(object.kind) ?? [])
    .filter(({ on }) => applies(on, change))
    .flatMap((rule) => rule.check(object, old, context).map((found) => toFinding(rule, found)));
}

/** Holds a whole tree against the rules about several objects; each finding comes with the object it is about. */
export function evaluateTree(tree: readonly Summary[]): { of: Summary; finding: Finding }[] {
  return TREE_RULES.flatMap((rule) =>
    rule.check(tree).map(({ of, found }) => ({ of, finding: toFinding(rule, found) })),
  );
}
