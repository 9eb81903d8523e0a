import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { PATRONI_CONFIG_MAPS, names } from '../../generator/names.ts';
import { MOST_REPLICAS } from '../../policies/rules/replicas-range.ts';

/**
 * A CEL expression over several source lines, without their indentation; backslashes stay as written. The line breaks are for readers of
 * the files: the API server gets one line.
 */
export function cel({ raw }: TemplateStringsArray, ...values: readonly string[]): string {
  const whole = raw.map((part, index) => part + (values[index] ?? '')).join('');
  const lines = whole.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join('\n');
}

/** An expression on one line, as YAML reads a folded text: refusals quote it so. */
export function oneLine(expression: string): string {
  return expression.replaceAll('\n', ' ');
}

/** A CEL string literal; the text must hold neither a quote nor a backslash. */
export function text(value: string): string {
  if (/['\\\n]/.test(value)) throw new Error(`${value} is no text that CEL can quote as it is`);
  return `'${value}'`;
}

/** A CEL list of strings. */
export function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}

/** The Database in an object's label; empty without the label. */
export function databaseOf(object: 'object' | 'oldObject' | 'variables.one' | 'variables.template'): string {
  return `${object}.metadata.?labels[?${text(DATABASE_LABEL)}].orValue('')`;
}

/** Whether a field of the metadata is unchanged; an absent one equals an empty one. */
export function isSame(field: 'labels' | 'annotations' | 'finalizers' | 'ownerReferences'): string {
  const none = field === 'labels' || field === 'annotations' ? '{}' : '[]';
  return `object.metadata.?${field}.orValue(${none}) == oldObject.metadata.?${field}.orValue(${none})`;
}

/** Whether a changed object belonged to the same Database before. */
export const KEEPS_DATABASE = cel`
  (request.operation != 'UPDATE' ||
  ${databaseOf('oldObject')} == variables.database)
`;

/** Names of the annotations that were changed or removed. */
export const CHANGED_ANNOTATIONS = cel`
  object.metadata.?annotations.orValue({}).map(name, name)
  .filter(name, object.metadata.annotations[name] != oldObject.metadata.?annotations[?name].orValue('')) +
  oldObject.metadata.?annotations.orValue({}).map(name, name)
  .filter(name, !(name in object.metadata.?annotations.orValue({})))
`;

/** The suffix of a name after its Database's name and a hyphen. */
const endOf = (make: (name: string) => string): string => make('').slice(1);

const { superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret, backupKeySecret } = names;

/** Names of the Secrets of a Database. */
export const SECRETS = namesEnding(
  [superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret, backupKeySecret].map(endOf),
);

/** Names of the ConfigMaps in which Patroni keeps its state. */
export const PATRONI = namesEnding(PATRONI_CONFIG_MAPS);

/** Names of the ConfigMaps that members write: Patroni's, the list of backups, and the result of a restore. */
export const MEMBERS_CONFIG_MAPS = namesEnding([...PATRONI_CONFIG_MAPS, ...[names.backups, names.restore].map(endOf)]);

/** Names of the rendered ConfigMaps. */
export const RENDERED_CONFIG_MAPS = namesEnding([names.settings, names.dashboard].map(endOf));

function namesEnding(ends: readonly string[]): string {
  return `${list(ends)}.map(end, variables.database + '-' + end)`;
}

/** The ordinals of the pods and claims of members. */
export const ORDINALS = list(Array.from({ length: MOST_REPLICAS }, (_, ordinal) => String(ordinal)));

/** Names that consist of the Database's name and a suffix. */
export function namesAfter(makers: readonly ((name: string) => string)[]): string {
  return `${list(makers.map((make) => make('')))}.map(end, variables.database + end)`;
}
