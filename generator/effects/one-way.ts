import type { Finding } from '../../database/finding.ts';
import { describeProblem, formatPath } from '../../database/finding.ts';
import type { BallastObject } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import type { Change } from '../../policies/evaluate.ts';
import { evaluate, evaluateTree } from '../../policies/evaluate.ts';
import type { Context } from '../../policies/rule.ts';
import { summarize } from '../../policies/summary.ts';
import type { Effect } from './effect.ts';

/** One object before and after a change; either is undefined when the object is created or removed. */
export interface Transition {
  readonly old?: BallastObject | undefined;
  readonly now?: BallastObject | undefined;
}

const keyOf = (object: BallastObject): string => identityKey(identify(object));

function reverseOf({ old, now }: Transition): Change | undefined {
  if (old) return { object: old, ...(now && { old: now }) };
  return now && { object: now, deleted: true };
}

/** A removed Database keeps its volumes, and a new one of its name waits until it may adopt them. */
function waitsForAdoption({ old, now }: Transition): Effect[] {
  if (now || old?.kind !== 'Database') return [];
  const { deletionPolicy, bootstrap } = old.spec;
  if (deletionPolicy === 'Delete' || bootstrap?.adopt === true || bootstrap?.recover === true) return [];
  const text =
    'a revert makes the Database again, but it waits until bootstrap.adopt: true has it take over its volumes';
  return [{ level: 'one-way', text }];
}

function refusal({ path, rule, ...finding }: Finding): Effect {
  return {
    level: 'one-way',
    text: `a revert is refused: ${formatPath(path)}: ${describeProblem({ path, ...finding })} (${rule})`,
  };
}

/** The refusals of the rules about whole trees against the tree that a revert would restore, by object. */
function treeRefusals(transitions: readonly Transition[]): Map<string, Finding[]> {
  const before = transitions.flatMap(({ old, now }) => (old ? [{ ...summarize(old), isNew: !now }] : []));
  const found = evaluateTree(before).filter(({ finding }) => finding.severity === 'error');
  const byObject = Map.groupBy(found, ({ of }) => identityKey(of));
  return new Map([...byObject].map(([key, all]) => [key, all.map(({ finding }) => finding)]));
}

/**
 * The reasons why a revert of the commit would not undo a change, by the identity of the object: the refusals of the rules against the
 * reverse change. `all` are the objects of the whole tree, including unchanged ones.
 */
export function oneWayEffects(all: readonly Transition[], context: Context): (transition: Transition) => Effect[] {
  const ofTree = treeRefusals(all);
  return (transition) => {
    const reverse = reverseOf(transition);
    if (!reverse) return [];
    const alone = evaluate(reverse, context).filter(({ severity }) => severity === 'error');
    const together = transition.old ? (ofTree.get(keyOf(transition.old)) ?? []) : [];
    return [...[...alone, ...together].map(refusal), ...waitsForAdoption(transition)];
  };
}
