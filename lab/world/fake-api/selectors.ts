import type { KubernetesObject } from '../../../kubernetes/objects.ts';

/** Whether a list or a watch selects an object. */
export type Matches = (object: KubernetesObject) => boolean;

type Term = (labels: Readonly<Record<string, string>>) => boolean;

const SET = /^(\S+) (in|notin) \(([^)]*)\)$/;

function termOf(text: string): Term {
  const [, name = '', word, list = ''] = SET.exec(text) ?? [];
  if (word) {
    const values = list.split(',').map((value) => value.trim());
    return word === 'in'
      ? (labels) => values.includes(labels[name] ?? '\0')
      : (labels) => !values.includes(labels[name] ?? '\0');
  }
  const [left = '', operator, right = ''] = text.split(/(==|!=|=)/);
  if (operator === '!=') return (labels) => labels[left] !== right;
  if (operator) return (labels) => labels[left] === right;
  return left.startsWith('!') ? (labels) => !(left.slice(1) in labels) : (labels) => left in labels;
}

/** Commas separate terms, but not within the brackets of a set. */
function termsOf(selector: string): Term[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(termOf);
}

function fieldsOf(object: KubernetesObject, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object);
  return typeof value === 'string' ? value : '';
}

/** Reads a query's namespace and selectors. */
export function matcher(namespace: string | undefined, query: URLSearchParams): Matches {
  const labels = termsOf(query.get('labelSelector') ?? '');
  const fields = (query.get('fieldSelector') ?? '').split(',').filter((text) => text !== '');
  return (object) => {
    if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
    if (!labels.every((term) => term(object.metadata.labels ?? {}))) return false;
    return fields.every((text) => {
      const [path = '', operator, value = ''] = text.split(/(==|!=|=)/);
      return (fieldsOf(object, path) === value) === (operator !== '!=');
    });
  };
}
