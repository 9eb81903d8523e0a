import type { Finding, Path } from '../database/finding.ts';
import { pathOf } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import { outside } from '../database/paths.ts';
import { sortedJson } from '../database/sorted-json.ts';
import type { Context, Found, KindName, ObjectRule, Occasion, TreeRule } from './rule.ts';
import { OBJECT_RULES, TREE_RULES } from './rules/index.ts';
import type { Summary } from './summary.ts';

/** One object that is created, changed or deleted. */
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

/** The act on an object: rules about writes apply to the first two; an object without a known predecessor is created. */
type Act = 'create' | 'update' | 'delete';

const OCCASIONS: Readonly<Record<Act, readonly Occasion[]>> = {
  create: ['write', 'create'],
  update: ['write', 'update'],
  delete: ['delete'],
};

/** The rules for each kind and act, computed once. */
function rulesByAct(): ReadonlyMap<string, readonly ObjectRule[]> {
  const kinds = [...new Set(OBJECT_RULES.flatMap((rule) => rule.kinds))];
  const acts = Object.entries(OCCASIONS) as [Act, readonly Occasion[]][];
  const rulesFor = (kind: KindName, on: readonly Occasion[]): ObjectRule[] =>
    OBJECT_RULES.filter((rule) => rule.kinds.includes(kind) && on.includes(rule.on));
  return new Map(kinds.flatMap((kind) => acts.map(([act, on]) => [`${kind} ${act}`, rulesFor(kind, on)])));
}

const RULES = rulesByAct();

function actOf({ old, deleted = false }: Change): Act {
  if (deleted) return 'delete';
  return old ? 'update' : 'create';
}

const READ_ONCE: Path = ['spec', 'bootstrap', 'restore'];

/**
 * Whether a change leaves the fields alone that are read only at creation. These fields are immutable: a rule that is newer than the
 * object would block every change of it, without a way to comply.
 */
function keepsItsBeginning({ object, old }: Change): boolean {
  if (object.kind !== 'Database' || old?.kind !== 'Database') return false;
  const [now, was] = [object.spec.bootstrap?.restore, old.spec.bootstrap?.restore];
  return now !== undefined && was !== undefined && sortedJson(now) === sortedJson(was);
}

/** Checks one change against every rule about single objects. Pure: the same change and time give the same findings. */
export function evaluate(change: Change, context: Context): Finding[] {
  const { object, old } = change;
  const findings: Finding[] = [];
  for (const rule of RULES.get(`${object.kind} ${actOf(change)}`) ?? []) {
    for (const found of rule.check(object, old, context)) findings.push(toFinding(rule, found));
  }
  return findings.length > 0 && keepsItsBeginning(change) ? [...outside(findings, [READ_ONCE])] : findings;
}

/** Checks a whole tree against the rules about several objects; each finding comes with its object. */
export function evaluateTree(tree: readonly Summary[]): { of: Summary; finding: Finding }[] {
  return TREE_RULES.flatMap((rule) =>
    rule.check(tree).map(({ of, found }) => ({ of, finding: toFinding(rule, found) })),
  );
}
