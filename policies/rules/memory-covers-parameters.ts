import type { DatabaseSpec } from '../../database/object.ts';
import { quantityOf, resourcesOf } from '../../database/resolve.ts';
import { versionOf } from '../versions.ts';
import { defaultSharedBuffers, parameterOf, sharedBuffersBytes } from '../parameters.ts';
import { readNumber, sizeOfUnit } from '../parameters/numbers.ts';
import { settingOf } from '../parameters/postgresql-settings.ts';
import { objectRule } from '../rule.ts';

const SHARE = 0.75;

/** Settings for memory that the server allocates at its start, besides shared_buffers. */
const AT_START = [
  ...['wal_buffers', 'min_dynamic_shared_memory', 'commit_timestamp_buffers', 'multixact_member_buffers'],
  ...[
    'multixact_offset_buffers',
    'notify_buffers',
    'serializable_buffers',
    'subtransaction_buffers',
    'transaction_buffers',
  ],
];

/** Settings for memory that a single process may allocate. */
const OF_PROCESS = [
  'work_mem',
  'maintenance_work_mem',
  'autovacuum_work_mem',
  'temp_buffers',
  'logical_decoding_work_mem',
];

/** A memory setting as written, in bytes; undefined when omitted or inherited from another setting. */
function bytesOf(spec: DatabaseSpec, major: string, name: string): number | undefined {
  const written = parameterOf(spec, name);
  const unit = settingOf(major, name)?.unit;
  if (!written || unit === undefined) return undefined;
  const read = readNumber(String(written.value), { unit, whole: true });
  return read.ok && read.value > 0 ? read.value * sizeOfUnit(unit) : undefined;
}

/** The memory of a member: as written, and in bytes. */
interface Sizes {
  readonly major: string;
  readonly memory: string;
  readonly whole: number;
}

function tooLarge(spec: DatabaseSpec, { major, memory, whole }: Sizes): { name: string; problem: string }[] {
  const buffers = sharedBuffersBytes(parameterOf(spec, 'shared_buffers')?.value ?? defaultSharedBuffers(memory)) ?? 0;
  // memory-covers-shared-buffers reports that.
  if (buffers > whole * SHARE) return [];
  const others = AT_START.map((name) => bytesOf(spec, major, name) ?? 0);
  const shared = others.reduce((sum, bytes) => sum + bytes, buffers);
  if (shared > whole * SHARE) {
    const name = AT_START[others.indexOf(Math.max(...others))] ?? '';
    return [{ name, problem: `must fit, with shared_buffers, into three quarters of the memory of ${memory}` }];
  }
  const problem = `must leave room beside shared_buffers in the memory of ${memory}`;
  return OF_PROCESS.filter((name) => (bytesOf(spec, major, name) ?? 0) > whole - shared).map((name) => ({
    name,
    problem,
  }));
}

/** Requires that the memory of PostgreSQL’s settings is available. */
export const memoryCoversParameters = objectRule({
  id: 'memory-covers-parameters',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'What a server sets aside at its start, and what a single process may take on top of it, must be in the pod; a server that takes more is killed, and all its connections end.',
  remedy: 'lower it, or raise resources.limits.memory',
  allowed: [
    {
      spec: {
        parameters: { shared_buffers: '256MB', work_mem: '64MB', wal_buffers: '16MB' },
        resources: { limits: { memory: '1Gi' } },
      },
    },
  ],
  denied: [
    { spec: { parameters: { work_mem: '1GB' } } },
    { spec: { parameters: { maintenance_work_mem: '900MB' }, resources: { limits: { memory: '1Gi' } } } },
    {
      spec: { parameters: { shared_buffers: '768MB', wal_buffers: '64MB' }, resources: { limits: { memory: '1Gi' } } },
    },
  ],
  check: ({ spec }) => {
    const version = versionOf(spec);
    const { requests, limits } = resourcesOf(spec);
    const memory = limits['memory'] ?? requests['memory'];
    const quantity = quantityOf(memory);
    if (!version || !quantity || memory === undefined || !spec.parameters) return [];
    const sizes = { major: version.series, memory: String(memory), whole: Number(quantity.nano) / 1e9 };
    return tooLarge(spec, sizes).flatMap(({ name, problem }) => {
      const written = parameterOf(spec, name);
      return written ? [{ path: ['spec', 'parameters', written.name], value: written.value, problem }] : [];
    });
  },
});
