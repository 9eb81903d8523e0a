/**
 * Characters that a terminal executes instead of showing, or that a reader does not see: control characters, line breaks of every kind,
 * marks that change the direction of writing, halves of surrogate pairs.
 */
// eslint-disable-next-line no-control-regex -- exactly these are meant
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text on one line with all characters visible: names and values come from untrusted files. */
export function printableLine(text: string): string {
  return text.replace(UNSEEN, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
