import { parseCidr } from '../address-ranges.ts';
import { typeRule } from '../type-rule.ts';

/** Requires an address range that a NetworkPolicy accepts. */
export const addressRange = typeRule({
  id: 'address-range',
  holds: 'address-range',
  severity: 'error',
  why: 'Kubernetes refuses a NetworkPolicy with a range that is none, and the sync stops with the database half made.',
  remedy: 'write it as 10.0.0.0/8 or fd00::/8',
  allowed: ['10.0.0.0/8', 'fd00::/8', '0.0.0.0/0'],
  denied: ['10.0.0.0', '10.0.0.0/33', '10.0.0.01/8', 'fd00::1::/8', 'example.org/8'],
  judge: (value, path) =>
    parseCidr(value) ? [] : [{ path, value, problem: 'must be a range of addresses in CIDR form' }],
});
