import type { Path } from '../database/finding.ts';
import { parseQuantity } from '../database/values/quantity.ts';
import { quantityRemedy } from '../database/values/quantity-remedy.ts';
import type { Found } from './rule.ts';

/** A problem of a value as a quantity, with a remedy that names the right unit; empty when it is one. */
export function quantityProblems(value: string | number, path: Path): Found[] {
  const result = parseQuantity(String(value));
  return result.ok ? [] : [{ path, value, problem: result.problem, remedy: quantityRemedy(String(value)) }];
}
