import { quantityOf } from '../../database/resolve.ts';
import { quantityProblems } from '../quantities.ts';
import { typeRule } from '../type-rule.ts';

/** Requires positive Kubernetes quantities for CPU and memory. */
export const resourcesQuantity = typeRule({
  id: 'resources-quantity',
  holds: 'amount',
  severity: 'error',
  why: 'Kubernetes reads processor time and memory in units of its own, and a pod without memory does not start.',
  remedy: 'write cores such as 500m or 2, and memory such as 1Gi',
  allowed: ['500m', 2],
  denied: ['1GB', '0', '-1', '1 Gi'],
  judge: (value, path) => {
    const quantity = quantityOf(value);
    if (!quantity) return quantityProblems(value, path);
    return quantity.nano > 0n ? [] : [{ path, value, problem: 'must be more than zero' }];
  },
});
