/** One part of a key, or a label's value (apimachinery, validation.IsQualifiedName and IsValidLabelValue). */
const WORD = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_WORD = 63;
const LONGEST_DOMAIN = 253;

function isWord(text: string): boolean {
  return WORD.test(text) && text.length <= LONGEST_WORD;
}

/** Whether a text can be the key of a label or, in lower case, of an annotation. */
export function isQualifiedName(key: string): boolean {
  const [first = '', second, ...more] = key.split('/');
  if (second === undefined) return isWord(first);
  return more.length === 0 && SUBDOMAIN.test(first) && first.length <= LONGEST_DOMAIN && isWord(second);
}

/** Whether a text can be the value of a label. */
export function isLabelValue(value: string): boolean {
  return value === '' || isWord(value);
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Whether a text can be the name of a namespace: a DNS label (RFC 1123). */
export function isNamespaceName(text: string): boolean {
  return LABEL.test(text) && text.length <= LONGEST_WORD;
}
