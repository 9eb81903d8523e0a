import type { EngineName } from '../../database/engines/index.ts';
import { quantityOf, resourcesOf } from '../../database/resolve.ts';
import { parameterOf } from '../parameters.ts';
import { mysqlBytes } from '../parameters/mysql.ts';
import { objectRule } from '../rule.ts';

const SHARE = 0.75;

interface Cache {
  readonly name: string;
  readonly bytes: (value: string | number) => number | undefined;
}

/** The setting that takes most of an engine's memory, and the parser of its value into bytes. */
const CACHES: Readonly<Partial<Record<EngineName, Cache>>> = {
  mysql: { name: 'innodb_buffer_pool_size', bytes: mysqlBytes },
  mongodb: {
    name: 'storage.wiredTiger.engineConfig.cacheSizeGB',
    bytes: (value) => (Number.isFinite(Number(value)) ? Number(value) * 2 ** 30 : undefined),
  },
};

/** Requires that the cache of MySQL or MongoDB fits into the memory of the pod. */
export const memoryCoversCache = objectRule({
  id: 'memory-covers-cache',
  kinds: ['Database'],
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'A server that takes more memory than its pod has is killed under load, again and again. MySQL keeps pages in innodb_buffer_pool_size, MongoDB in cacheSizeGB.',
  remedy: 'lower it to about half of the memory, or raise resources.limits.memory',
  allowed: [
    {
      spec: {
        engine: 'mysql',
        version: '8.4',
        parameters: { innodb_buffer_pool_size: '512M' },
        resources: { limits: { memory: '1Gi' } },
      },
    },
  ],
  denied: [
    { spec: { engine: 'mysql', version: '8.4', parameters: { 'innodb-buffer-pool-size': '8G' } } },
    { spec: { engine: 'mongodb', version: '8.0', parameters: { 'storage.wiredTiger.engineConfig.cacheSizeGB': 4 } } },
  ],
  check: ({ spec }) => {
    const { engine } = spec;
    const cache = CACHES[engine];
    const written = cache && parameterOf(spec, cache.name);
    const { requests, limits } = resourcesOf(spec);
    const memory = limits['memory'] ?? requests['memory'];
    const quantity = quantityOf(memory);
    const bytes = written && cache.bytes(written.value);
    if (!written || !quantity || bytes === undefined || bytes <= (Number(quantity.nano) / 1e9) * SHARE) return [];
    const problem = `must fit into three quarters of the memory of ${memory}`;
    return [{ path: ['spec', 'parameters', written.name], value: written.value, problem }];
  },
});
