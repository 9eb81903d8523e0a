import type { Finding } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import { parseObject } from '../database/parse.ts';
import { outside } from '../database/paths.ts';
import { evaluate } from './evaluate.ts';
import type { Context } from './rule.ts';

/** What is known of a value when it is checked. */
export interface CheckOptions extends Context {
  /** Namespace of an object that names none. */
  readonly namespace: string;
  /** Gives the object as it was before, when this is a change. */
  readonly before?: (object: BallastObject) => BallastObject | undefined;
  /** Gives what the rules look at in place of the object: what it becomes when the change is merged. */
  readonly result?: (object: BallastObject) => BallastObject;
}

/** A value that was held against schema and rules. */
export type Checked =
  | { readonly is: 'foreign' }
  | {
      readonly is: 'ours';
      readonly findings: readonly Finding[];
      /** The object, or what is right of it; absent when too much is wrong for any rule to look at it. */
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

/** Reads a value as an object of Ballast's and tells all that is wrong with it: schema first, then the rules. */
export function checkValue(value: unknown, { namespace, before, result, now }: CheckOptions): Checked {
  const parsed = parseObject(value);
  if (parsed.is === 'foreign') return parsed;
  const wrong = parsed.is === 'wrong' ? parsed.findings : [];
  const whole = parsed.is === 'wrong' ? parsed.sound : parsed.object;
  if (!whole) return { is: 'ours', findings: wrong };
  const object = withNamespace(whole, namespace);
  const old = before?.(object);
  // What a rule says about a field that is wrong already would be about a stand-in.
  const found = outside(
    evaluate({ object: result?.(object) ?? object, ...(old && { old }) }, { now }),
    wrong.map(({ path }) => path),
  );
  return { is: 'ours', findings: [...wrong, ...found], object };
}
