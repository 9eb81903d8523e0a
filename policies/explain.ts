import { ENGINES } from '../database/engines/index.ts';
import { dump } from 'js-yaml';
import type { AnyRule, Example } from './rule.ts';
import { isTypeRule, typedFields } from './type-rule.ts';

const WHEN = {
  write: 'whenever an object is made or changed',
  create: 'when an object is made',
  update: 'when an object is changed',
  delete: 'when an object is deleted',
};

function scopeOf(rule: AnyRule): string {
  if ('on' in rule) return WHEN[rule.on];
  return rule.path === '' ? 'as a file is read' : 'over all files together';
}

const LONGEST_EXAMPLE = 400;

const yaml = (value: object): string => dump(value, { lineWidth: 110 }).trimEnd();

/** An example in a reader's notation; for a change the fields before and after, for a tree each object. */
function exampleText(example: string | Example | readonly object[]): string {
  if (typeof example === 'string') {
    return example.length > LONGEST_EXAMPLE ? `${example.slice(0, 60)}…` : example.trimEnd();
  }
  if (Array.isArray(example)) return example.map((object: object) => yaml(object)).join('\n---\n');
  const { was, ...now } = example as Example;
  return was ? `# before\n${yaml(was)}\n---\n# after\n${yaml(now)}` : yaml(now);
}

function exampleList(title: string, examples: readonly (string | Example | readonly object[])[]): string[] {
  if (examples.length === 0) return [];
  return [`## ${title}`, '', ...examples.flatMap((example) => ['```yaml', exampleText(example), '```', ''])];
}

/** The fields with values of a rule's type; empty for another rule. */
function fieldsText(rule: AnyRule): string[] {
  if (!('kinds' in rule) || !isTypeRule(rule)) return [];
  const fields = rule.kinds.flatMap((kind) =>
    typedFields(kind, rule.holds).map((field) => `- ${kind} \`${field.join('.')}\``),
  );
  return fields.length > 1 ? ['It holds at every field of its type:', '', ...fields, ''] : [];
}

/** A rule's page as Markdown: its subject, reason, remedy, examples, and CEL if any. */
export function rulePage(rule: AnyRule): string {
  const kinds = 'kinds' in rule ? `Kinds: ${rule.kinds.join(', ')}. ` : '';
  const engine = 'engine' in rule ? `Engine: ${ENGINES[rule.engine].title}. ` : '';
  const path = rule.path ? `Path: \`${rule.path}\`. ` : '';
  const cel = 'cel' in rule && rule.cel ? ['## In the API server', '', '```cel', rule.cel, '```', ''] : [];
  return [
    `# ${rule.id}`,
    '',
    `${kinds}${engine}${path}Severity: ${rule.severity}. Checked ${scopeOf(rule)}.`,
    '',
    rule.why,
    '',
    `**Remedy:** ${rule.remedy}.`,
    '',
    ...fieldsText(rule),
    ...exampleList('Allowed', rule.allowed),
    ...exampleList('Denied', rule.denied),
    ...cel,
  ].join('\n');
}
