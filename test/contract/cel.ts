import { Environment } from '@marcbachmann/cel-js';
import type { BallastObject } from '../../database/object.ts';
import type { Quantity } from '../../database/values/quantity.ts';
import { compareQuantities, parseQuantity } from '../../database/values/quantity.ts';
import type { ObjectRule } from '../../policies/rule.ts';
import { isCelOfObject } from '../../policies/rule.ts';

/** A quantity as Kubernetes' CEL library has it. */
class CelQuantity {
  readonly quantity: Quantity;

  constructor(text: string) {
    const result = parseQuantity(text);
    if (!result.ok) throw new RangeError(`${text} is no quantity`);
    this.quantity = result.quantity;
  }
}

/** The part of https://kubernetes.io/docs/reference/using-api/cel/ that the rules use. */
const environment = new Environment()
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn')
  .registerType('Quantity', CelQuantity)
  .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text).ok)
  .registerFunction('quantity(string): Quantity', (text: string) => new CelQuantity(text))
  .registerFunction('Quantity.compareTo(Quantity): int', (one: CelQuantity, other: CelQuantity) =>
    BigInt(compareQuantities(one.quantity, other.quantity)),
  );

/** A value as CEL sees it: every number that a schema of ours takes is an int. */
function celValue(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value);
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, celValue(child)]));
}

/** Whether the rule's CEL holds of an object and, on updates, the object before. */
export function celHolds(rule: ObjectRule, object: BallastObject, old?: BallastObject): boolean {
  const { cel = '' } = rule;
  const whole = isCelOfObject(rule);
  const self = celValue(whole ? object : object.spec);
  const oldSelf = celValue(whole ? old : old?.spec);
  const result: unknown = environment.evaluate(cel, { self, oldSelf });
  if (typeof result !== 'boolean') throw new TypeError(`${cel} is ${String(result)}`);
  return result;
}
