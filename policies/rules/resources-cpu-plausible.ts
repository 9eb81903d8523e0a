import { quantityOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

const MOST = quantityOf('128')?.nano ?? 0n;

/** Warns of more CPU than a node is likely to have. */
export const resourcesCpuPlausible = objectRule({
  id: 'resources-cpu-plausible',
  kinds: ['Database'],
  path: 'spec.resources',
  severity: 'warning',
  on: 'write',
  why: 'A number without a unit is whole cores: a pod that asks for 500 of them waits for a node that nobody has.',
  remedy: 'write thousandths of a core with an m, such as 500m for half a core',
  allowed: [{ spec: { resources: { limits: { cpu: '128', memory: '1Gi' } } } }],
  denied: [
    { spec: { resources: { requests: { cpu: '500' } } } },
    { spec: { resources: { limits: { cpu: 1000, memory: '1Gi' } } } },
  ],
  check: ({ spec: { resources } }) =>
    (['requests', 'limits'] as const).flatMap((group) => {
      const written = resources?.[group]?.['cpu'];
      const quantity = quantityOf(written);
      if (written === undefined || !quantity || quantity.nano <= MOST) return [];
      const path = ['spec', 'resources', group, 'cpu'];
      return [{ path, value: written, problem: `asks for ${written} cores, which no common node has` }];
    }),
});
