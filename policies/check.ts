import type { Finding } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import { parseObject } from '../database/parse.ts';
import { outside } from '../database/paths.ts';
import { evaluate } from './evaluate.ts';
import type { Change } from './evaluate.ts';
import type { Context } from './rule.ts';

/** Inputs of a check besides the value. */
export interface CheckOptions extends Context {
  /** Namespace of an object that names none. */
  readonly namespace: string;
  /** Returns the object before the change, when this is a change. */
  readonly before?: (object: BallastObject) => BallastObject | undefined;
  /** Returns the object after the merge, which the rules check instead. */
  readonly result?: (object: BallastObject) => BallastObject;
  /** Judges the change; by the rules and nothing else when absent. */
  readonly judge?: (change: Change) => readonly Finding[];
}

/** A value that was checked against schema and rules. */
export type Checked =
  | { readonly is: 'foreign' }
  | {
      readonly is: 'ours';
      readonly findings: readonly Finding[];
      /** The object or its valid parts; absent when too much is wrong for any rule. */
      readonly object?: BallastObject;
    };

function withNamespace(object: BallastObject, namespace: string): BallastObject {
  if (object.metadata.namespace !== undefined) return object;
  const { name, ...rest } = object.metadata;
  return {
    ...object,
    metadata: { ...(name !== undefined && { name }), namespace, ...rest },
  };
}

/** Parses a value as a Ballast object and reports all findings: the schema first, then the rules. */
export function checkValue(value: unknown, { namespace, before, result, judge, now }: CheckOptions): Checked {
  const parsed = parseObject(value);
  if (parsed.is === 'foreign') return parsed;
  const wrong = parsed.is === 'wrong' ? parsed.findings : [];
  const whole = parsed.is === 'wrong' ? parsed.sound : parsed.object;
  if (!whole) return { is: 'ours', findings: wrong };
  const object = withNamespace(whole, namespace);
  const old = before?.(object);
  const change = { object: result?.(object) ?? object, ...(old && { old }) };
  // A rule's finding about an invalid field would be about its stand-in.
  const found = outside(
    judge?.(change) ?? evaluate(change, { now }),
    wrong.map(({ path }) => path),
  );
  return { is: 'ours', findings: [...wrong, ...found], object };
}
