import { InvalidArgumentError } from 'commander';
import { isNamespaceName } from '../database/values/labels.ts';

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Reads the name of a namespace. */
export function namespaceName(value: string): string {
  if (isNamespaceName(value)) return value;
  throw new InvalidArgumentError('It must be the name of a namespace.');
}
