import { suggest } from '../database/suggest.ts';
import { OWN_MARKS, OWN_PREFIX, USER_ANNOTATIONS } from '../database/vocabulary.ts';
import type { Explained } from './explain-field.ts';

/** Text of a table in Markdown as plain text. */
const plain = (text: string): string =>
  text.replaceAll(/\[([\w ]{1,40})\]\([\w.#/-]{1,80}\)/g, '$1').replaceAll('`', '');

function pageOf(key: string): string | undefined {
  const written = USER_ANNOTATIONS.find((annotation) => annotation.key === key);
  if (written) {
    const { kinds, value, does } = written;
    return `# ${key}\n\nAnnotation that you may write on a ${kinds.join(' or ')}.\n\nValue: ${plain(value)}.\nDoes: ${plain(does)}.\n`;
  }
  const own = OWN_MARKS.find((mark) => mark.key === key);
  if (!own) return undefined;
  const { is, on, writer, says } = own;
  return `# ${key}\n\nThe ${is} on ${plain(on)} is written by the ${writer}; leave it alone.\n\nSays: ${plain(says)}.\n`;
}

/** Explains an annotation, label or finalizer of Ballast's. */
export function explainAnnotation(key: string): Explained {
  const page = pageOf(key);
  if (page !== undefined) return { page };
  const keys = [...USER_ANNOTATIONS, ...OWN_MARKS].map((one) => one.key);
  const meant = suggest(key, keys);
  const all = USER_ANNOTATIONS.map((one) => one.key.slice(OWN_PREFIX.length)).join(', ');
  const remedy = meant ? `did you mean ${meant}?` : `you may write ${OWN_PREFIX} with ${all}`;
  return { problem: `there is no annotation ${JSON.stringify(key)}; ${remedy}` };
}
