import { quantityOf } from '../../database/resolve.ts';
import { objectRule } from '../rule.ts';

const LEAST = quantityOf('64Mi')?.nano ?? 0n;
const BARE = /^[0-9]{1,4}$/;
const THOUSANDTHS = /^([0-9]{1,15})m$/;

/** The most likely intention: half a byte, or four, is a missing unit. */
function remedyFor(written: string): string | undefined {
  const [, thousandths] = THOUSANDTHS.exec(written) ?? [];
  if (thousandths !== undefined) return `write ${thousandths}Mi; a lower-case m means thousandths`;
  return BARE.test(written) ? `write ${written}Gi or ${written}Mi; a number without a unit is bytes` : undefined;
}

/** Requires enough memory for a server to start. */
export const resourcesMemoryLeast = objectRule({
  id: 'resources-memory-least',
  kinds: ['Database'],
  path: 'spec.resources',
  severity: 'error',
  on: 'write',
  why: 'In less than 64Mi no engine starts, and below some Mi not even a container; a member would be killed at once, again and again.',
  remedy: 'write at least 64Mi, best 512Mi or more',
  allowed: [
    { spec: { resources: { limits: { memory: '64Mi' } } } },
    { spec: { resources: { limits: { memory: 536870912 } } } },
  ],
  denied: [
    { spec: { resources: { limits: { memory: '512m' }, requests: { memory: '512m' } } } },
    { spec: { resources: { limits: { memory: 4 } } } },
    { spec: { resources: { requests: { memory: '16Mi' } } } },
  ],
  check: ({ spec }) => {
    const { resources } = spec;
    if (!resources) return [];
    return (['requests', 'limits'] as const).flatMap((group) => {
      const written = resources[group]?.['memory'];
      const quantity = written === undefined ? undefined : quantityOf(written);
      if (written === undefined || !quantity || quantity.nano <= 0n || quantity.nano >= LEAST) return [];
      const remedy = remedyFor(String(written));
      const path = ['spec', 'resources', group, 'memory'];
      return [{ path, value: written, problem: 'must be at least 64Mi', ...(remedy && { remedy }) }];
    });
  },
});
