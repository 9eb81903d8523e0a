import { NOT_YET } from '../../policies/not-yet.ts';

const IDS = new Set(NOT_YET.flatMap(({ rule }) => (rule.severity === 'warning' ? [rule.id] : [])));

/** Findings without the warnings that something cannot be done yet: what tests of other rules are about. */
export function kept<T extends { readonly rule: string }>(findings: readonly T[]): T[] {
  return findings.filter(({ rule }) => !IDS.has(rule));
}
