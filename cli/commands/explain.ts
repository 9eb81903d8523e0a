import { suggest } from '../../database/suggest.ts';
import { rulePage } from '../../policies/explain.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { UsageError } from '../errors.ts';

/** Prints a rule's page, or the list of all rules without an id. */
export function explain(id: string | undefined): number {
  if (id === undefined) {
    const width = Math.max(...ALL_RULES.map((rule) => rule.id.length));
    for (const rule of ALL_RULES) process.stdout.write(`${rule.id.padEnd(width)}  ${rule.remedy}\n`);
    return 0;
  }
  const rule = ALL_RULES.find((known) => known.id === id);
  if (!rule) {
    const meant = suggest(
      id,
      ALL_RULES.map((known) => known.id),
    );
    throw new UsageError(
      `there is no rule ${JSON.stringify(id)}; ${meant ? `did you mean ${meant}?` : 'ballast explain lists them all'}`,
    );
  }
  process.stdout.write(`${rulePage(rule).trimEnd()}\n`);
  return 0;
}
