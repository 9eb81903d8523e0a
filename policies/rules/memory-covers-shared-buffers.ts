import { quantityOf, resourcesOf } from '../../database/resolve.ts';
import { parameterOf, sharedBuffersBytes } from '../parameters.ts';
import { objectRule } from '../rule.ts';

const SHARE = 0.75;

/** Requires that PostgreSQL's shared buffers fit into the memory of the pod. */
export const memoryCoversSharedBuffers = objectRule({
  id: 'memory-covers-shared-buffers',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters.shared_buffers',
  severity: 'error',
  on: 'write',
  why: 'A server that takes more memory than its pod has is killed under load, again and again.',
  remedy: 'lower shared_buffers to about a quarter of the memory, or raise resources.limits.memory',
  allowed: [
    { spec: { parameters: { shared_buffers: '256MB' }, resources: { limits: { memory: '1Gi' } } } },
    { spec: { parameters: { shared_buffers: '32768' }, resources: { limits: { memory: '1Gi' } } } },
  ],
  denied: [
    { spec: { parameters: { shared_buffers: '1GB' }, resources: { limits: { memory: '1Gi' } } } },
    { spec: { parameters: { shared_buffers: '8GB' }, size: 'small' } },
  ],
  check: ({ spec }) => {
    const written = parameterOf(spec, 'shared_buffers');
    if (!written) return [];
    const { requests, limits } = resourcesOf(spec);
    const memory = quantityOf(limits['memory'] ?? requests['memory']);
    const buffers = sharedBuffersBytes(written.value);
    if (!memory || buffers === undefined || buffers <= (Number(memory.nano) / 1e9) * SHARE) return [];
    const problem = `must fit into three quarters of the memory of ${limits['memory'] ?? requests['memory']}`;
    return [{ path: ['spec', 'parameters', written.name], value: written.value, problem }];
  },
});
