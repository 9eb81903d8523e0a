import { typeRule } from '../type-rule.ts';

/** RFC 1123 subdomain, as the names of most objects. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Requires the form of a name in a reference. */
export const referenceName = typeRule({
  id: 'reference-name',
  holds: 'object-name',
  severity: 'error',
  why: 'Nothing can have a name of another form, so the object would wait for ever; and names become arguments of programs.',
  remedy: 'write the name of the object alone, without its namespace and its kind',
  allowed: ['orders', 'fast.example'],
  denied: ['shop/orders', 'Fast Disk', 'x --repo1-path=/', 'orders\nowner=postgres'],
  judge: (value, path) => (NAME.test(value) ? [] : [{ path, value, problem: 'must be a plain name' }]),
});
