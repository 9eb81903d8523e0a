import { quantityOf, resourcesOf } from '../../database/resolve.ts';
import { compareQuantities } from '../../database/values/quantity.ts';
import { objectRule } from '../rule.ts';

/** Requires requests within their limits. */
export const resourcesRequestsWithinLimits = objectRule({
  id: 'resources-requests-within-limits',
  kinds: ['Database'],
  path: 'spec.resources.requests',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes refuses a pod that asks for more than its own limit; the database would never start.',
  remedy: 'raise the limit, or lower the request',
  allowed: [
    { spec: { resources: { requests: { memory: '1Gi' }, limits: { memory: '1024Mi' } } } },
    { spec: { resources: { limits: { memory: '256Mi' } } } },
  ],
  denied: [
    { spec: { resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } } },
    { spec: { resources: { requests: { cpu: 2 }, limits: { cpu: '500m' } } } },
  ],
  check: ({ spec }) => {
    const { requests, limits } = resourcesOf(spec);
    return Object.entries(requests).flatMap(([name, value]) => {
      const request = quantityOf(value);
      const limit = quantityOf(limits[name]);
      if (!request || !limit || compareQuantities(request, limit) <= 0) return [];
      const problem = `must not be more than the limit of ${limits[name]}`;
      return [{ path: ['spec', 'resources', 'requests', name], value, problem }];
    });
  },
});
