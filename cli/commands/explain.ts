import { suggest } from '../../database/suggest.ts';
import { explainAnnotation } from '../../policies/explain-annotation.ts';
import type { Explained } from '../../policies/explain-field.ts';
import { ROOT_NAMES, explainField } from '../../policies/explain-field.ts';
import { rulePage } from '../../policies/explain.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { UsageError } from '../errors.ts';

function listRules(): number {
  const width = Math.max(...ALL_RULES.map((rule) => rule.id.length));
  for (const rule of ALL_RULES) process.stdout.write(`${rule.id.padEnd(width)}  ${rule.remedy}\n`);
  return 0;
}

function unknown(subject: string): Explained {
  const [first = ''] = subject.split('.');
  const meant = suggest(first, [...ALL_RULES.map(({ id }) => id), ...ROOT_NAMES]);
  const remedy = meant
    ? `did you mean ${meant}?`
    : 'ballast explain lists the rules, ballast explain spec the fields of a Database';
  return { problem: `there is no rule and no field ${JSON.stringify(subject)}; ${remedy}` };
}

function explained(subject: string): Explained {
  const rule = ALL_RULES.find(({ id }) => id === subject);
  if (rule) return { page: rulePage(rule) };
  if (subject.includes('/')) return explainAnnotation(subject);
  return explainField(subject) ?? unknown(subject);
}

/** Prints the page of a rule, a field or an annotation; the list of all rules when nothing is named. */
export function explain(subject: string | undefined): number {
  if (subject === undefined) return listRules();
  const found = explained(subject);
  if ('problem' in found) throw new UsageError(found.problem);
  process.stdout.write(`${found.page.trimEnd()}\n`);
  return 0;
}
