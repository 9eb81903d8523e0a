import { typeRule } from '../type-rule.ts';

/** k8s.io/apimachinery, pkg/util/validation, IsConfigMapKey. */
const KEY = /^[-._a-zA-Z0-9]+$/;
const RESERVED = /^\.\.?$|^\.\./;

/** Requires a valid key of a Secret. */
export const secretKey = typeRule({
  id: 'secret-key',
  holds: 'secret-key',
  severity: 'error',
  why: 'Kubernetes takes no Secret with a key of another form, so the password would never be found.',
  remedy: 'write a key of letters, digits, -, _ and ., for example password',
  allowed: ['password', 'DB_PASSWORD', 'tls.key'],
  denied: ['pass word', '', '..', '../token', 'ключ'],
  judge: (value, path) => {
    if (KEY.test(value) && !RESERVED.test(value)) return [];
    return [{ path, value, problem: 'must be a key that a Secret can have' }];
  },
});
