import type { DatabaseSpec } from '../../database/object.ts';
import { quantityOf } from '../../database/resolve.ts';
import { quantityProblems } from '../quantities.ts';
import { objectRule } from '../rule.ts';

function written({ resources }: DatabaseSpec): { value: string | number; path: string[] }[] {
  return (['requests', 'limits'] as const).flatMap((group) =>
    Object.entries(resources?.[group] ?? {}).map(([name, value]) => ({
      value,
      path: ['spec', 'resources', group, name],
    })),
  );
}

/** Processor time and memory are Kubernetes quantities above zero. */
export const resourcesQuantity = objectRule({
  id: 'resources-quantity',
  kinds: ['Database'],
  path: 'spec.resources',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes reads processor time and memory in units of its own, and a pod without memory does not start.',
  remedy: 'write cores such as 500m or 2, and memory such as 1Gi',
  allowed: [{ spec: { resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 2, memory: '1Gi' } } } }],
  denied: [
    { spec: { resources: { requests: { memory: '1GB' } } } },
    { spec: { resources: { limits: { cpu: '0' } } } },
    { spec: { resources: { requests: { cpu: '-1' } } } },
  ],
  check: ({ spec }) =>
    written(spec).flatMap(({ value, path }) => {
      const quantity = quantityOf(value);
      if (!quantity) return quantityProblems(value, path);
      return quantity.nano > 0n ? [] : [{ path, value, problem: 'must be more than zero' }];
    }),
});
