import { KINDS } from '../database/schema/kinds.ts';
import type { Kind, Schema } from '../database/schema/schema.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import { EACH } from '../database/schema/typed-fields.ts';
import { suggest } from '../database/suggest.ts';
import type { AnyRule, KindName } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';
import { isTypeRule, typedFields } from './type-rule.ts';

/** A page, or the reason why there is none. */
export type Explained = { readonly page: string } | { readonly problem: string };

/** Where a path begins: a kind, or the settings of the installation. */
interface Root {
  readonly name: string;
  readonly schema: Schema;
  readonly kind?: Kind;
}

const ofKind = (kind: Kind): Root => ({
  name: kind.singular,
  kind,
  schema: {
    type: 'object',
    description: kind.description,
    properties: { spec: kind.spec, status: kind.status },
    required: ['spec'],
  },
});

const SETTINGS: Root = { name: 'settings', schema: settingsSchema };
const DATABASE = 'database';

/** The first words of paths: the names of kinds as kubectl knows them, and `settings` for ballast.yaml. */
export const ROOT_NAMES: readonly string[] = [...KINDS.map(({ singular }) => singular), SETTINGS.name];

function rootNamed(word: string): Root | undefined {
  const lower = word.toLowerCase();
  if (lower === SETTINGS.name) return SETTINGS;
  const kind = KINDS.find(({ singular, plural, shortNames }) => [singular, plural, ...shortNames].includes(lower));
  return kind && ofKind(kind);
}

/** The root of a path and its fields below that; a path that begins with `spec` or `status` is of a Database. */
function rootOf(words: readonly string[]): { readonly root: Root; readonly fields: readonly string[] } | undefined {
  const [first = '', ...rest] = words;
  const isField = first === 'spec' || first === 'status';
  const root = rootNamed(isField ? DATABASE : first);
  return root && { root, fields: isField ? words : rest };
}

/** The schema whose fields a path goes on with: that of the entries, for a list or a map. */
function inside(schema: Schema): Schema {
  return schema.items ?? schema.additionalProperties ?? schema;
}

function childOf(schema: Schema, name: string): Schema | undefined {
  const own = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  return own ?? (schema.additionalProperties && name !== '' ? schema.additionalProperties : undefined);
}

function wordsOf({ properties, shortForm, 'x-kubernetes-int-or-string': either, ...schema }: Schema): string {
  if (either) return 'a whole number or text';
  const long = properties ? 'an object' : 'a map of texts';
  const words = { string: 'text', integer: 'a whole number', boolean: 'true or false', array: 'a list', object: long };
  const word = schema.type ? words[schema.type] : 'any value';
  return shortForm
    ? `${word}, or ${shortForm.type === 'string' ? 'text' : 'a whole number or text'} in its short form`
    : word;
}

function limitsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, maxProperties, pattern } = schema;
  const most = maxItems ?? maxProperties;
  return [
    ...(schema.enum ? [`one of ${schema.enum.join(', ')}`] : []),
    ...(minimum !== undefined ? [`at least ${minimum}`] : []),
    ...(maximum !== undefined ? [`at most ${maximum}`] : []),
    ...(minLength !== undefined ? ['not empty'] : []),
    ...(maxLength !== undefined ? [`at most ${maxLength} characters`] : []),
    ...(minItems !== undefined ? [`at least ${minItems} entries`] : []),
    ...(most !== undefined ? [`at most ${most} entries`] : []),
    ...(pattern !== undefined ? [`in the form ${pattern}`] : []),
  ];
}

function rows(all: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}

function section(title: string, all: readonly (readonly [string, string])[]): string[] {
  return all.length === 0 ? [] : ['', `${title}:`, ...rows(all)];
}

/** The paths that a rule looks at in a kind, without the marks of entries. */
function pathsOf(rule: AnyRule, kind: KindName): string[] {
  if (!('kinds' in rule) || !rule.kinds.includes(kind)) return [];
  if (!isTypeRule(rule)) return [rule.path];
  return typedFields(kind, rule.holds).map((field) => field.filter((name) => name !== EACH).join('.'));
}

/** The rules that look at a field, or at one below it. */
function rulesAt(kind: KindName, path: string): AnyRule[] {
  const isAt = (seen: string): boolean => seen === path || seen.startsWith(`${path}.`);
  return ALL_RULES.filter((rule) => pathsOf(rule, kind).some(isAt));
}

function fieldPage({ name, kind }: Root, fields: readonly string[], found: Found): string {
  const { schema, isRequired, ruledAt } = found;
  const { properties = {}, required = [] } = inside(schema);
  const facts = [wordsOf(schema), ...limitsOf(schema), ...(isRequired ? ['required'] : [])];
  const value = schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`];
  const children = Object.entries(properties).map(
    ([child, one]) => [child + (required.includes(child) ? '*' : ''), one.description ?? wordsOf(one)] as const,
  );
  const rules = kind && ruledAt.length > 0 ? rulesAt(kind.kind as KindName, ruledAt.join('.')) : [];
  return [
    `# ${[name, ...fields].join('.')}`,
    '',
    `${[...facts, ...value].join('; ')}.`,
    ...(schema.description === undefined ? [] : ['', schema.description]),
    ...section('Fields (* is required)', children),
    ...section(
      'Rules (ballast explain RULE)',
      rules.map(({ id, remedy }) => [id, remedy] as const),
    ),
    '',
  ].join('\n');
}

/** A field's schema, and whether the object above it must have the field. */
interface Found {
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** The field whose rules it has: its own path, or for an entry of a map the path of the map. */
  readonly ruledAt: readonly string[];
}

function problemAt(path: string, name: string, schema: Schema): { readonly problem: string } {
  const names = Object.keys(schema.properties ?? {});
  const meant = suggest(name, names);
  const remedy = meant
    ? `did you mean ${path}.${meant}?`
    : names.length === 0
      ? 'it has no fields'
      : `it has ${names.join(', ')}`;
  return { problem: `there is no field ${JSON.stringify(name)} in ${path}; ${remedy}` };
}

/**
 * Explains a field by its path: `spec.backup` of a Database, `databasebackup.spec.type`, `settings.images`. Entries of lists need no
 * index. Undefined when the first word is no kind.
 */
export function explainField(path: string): Explained | undefined {
  const begun = rootOf(path.replaceAll(/\[\d{0,9}\]/g, '').split('.'));
  if (!begun) return undefined;
  const { root, fields } = begun;
  let found: Found = { schema: root.schema, isRequired: false, ruledAt: [] };
  for (const [index, name] of fields.entries()) {
    const above = childOf(found.schema, name) ? found.schema : inside(found.schema);
    const schema = childOf(above, name);
    const path = fields.slice(0, index);
    if (!schema) return problemAt([root.name, ...path].join('.'), name, above);
    const isEntry = above.additionalProperties === schema;
    found = {
      schema: isEntry ? { description: above.description ?? '', ...schema } : schema,
      isRequired: above.required?.includes(name) === true,
      ruledAt: isEntry ? path : [...path, name],
    };
  }
  return { page: fieldPage(root, fields, found) };
}
