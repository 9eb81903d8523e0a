import type { DatabaseSpec } from './object.ts';
import { HIBERNATE } from './vocabulary.ts';
import { memoize } from './memoize.ts';
import type { Quantity } from './values/quantity.ts';
import { parseQuantity } from './values/quantity.ts';

/** The number of members and their resources behind a `size`. */
interface Preset {
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
}

/** The presets of `spec.size`. They are resolved where they are used and never stored in a spec. */
const PRESETS: Readonly<Record<NonNullable<DatabaseSpec['size']>, Preset>> = {
  small: { replicas: 1, cpu: '500m', memory: '512Mi' },
  medium: { replicas: 2, cpu: '1', memory: '1Gi' },
  large: { replicas: 3, cpu: '2', memory: '2Gi' },
};

/** The number of members of a Database: its own, else the preset's, else 1. */
export function replicasOf({ replicas, size }: DatabaseSpec): number {
  return replicas ?? (size ? PRESETS[size].replicas : 1);
}

/** The replication settings with their defaults. */
export interface HighAvailability {
  readonly synchronous: 'off' | 'preferred' | 'required';
  readonly maximumLagBytes: number;
}

/** The replication settings of a Database; defaults when absent. */
export function highAvailabilityOf({ highAvailability }: DatabaseSpec): HighAvailability {
  return { synchronous: 'preferred', maximumLagBytes: 1_048_576, ...highAvailability };
}

/** Whether all members of a Database are stopped, with their data kept. */
export function isHibernating({ annotations }: { readonly annotations?: Readonly<Record<string, string>> }): boolean {
  return annotations?.[HIBERNATE] === 'true';
}

/** CPU and memory of a member as the user or the preset wrote them. */
export interface Resources {
  readonly requests: Readonly<Record<string, string | number>>;
  readonly limits: Readonly<Record<string, string | number>>;
}

/**
 * The resources of a member. A preset adds the values that the user omitted, memory with a limit of the same size so that a member is
 * never killed for the memory use of another.
 */
export function resourcesOf({ resources, size }: DatabaseSpec): Resources {
  const preset = PRESETS[size ?? 'small'];
  const requests = { cpu: preset.cpu, memory: preset.memory };
  if (!resources) return { requests, limits: { memory: preset.memory } };
  // A limit without a request is also the request, as in Kubernetes.
  return { requests: { ...requests, ...resources.limits, ...resources.requests }, limits: { ...resources.limits } };
}

const readQuantity = memoize(parseQuantity);

/** Parses a quantity from a text or a number; undefined when invalid. */
export function quantityOf(value: string | number | undefined): Quantity | undefined {
  if (value === undefined) return undefined;
  const result = readQuantity(String(value));
  return result.ok ? result.quantity : undefined;
}

/** The retention of backups, in days and in number; a backup stays while either rule keeps it. */
export interface Retention {
  readonly days?: number;
  readonly count?: number;
}

/** The default retention. */
const DEFAULT_RETENTION: Retention = { days: 7, count: 5 };

/** The forms of `retention` in a spec. */
export type WrittenRetention = NonNullable<NonNullable<DatabaseSpec['backup']>['retention']>;

/** Parses days written as `7` or `7d`; NaN when invalid. */
export function readDays(value: string | number): number {
  if (typeof value === 'number') return value;
  return /^[0-9]{1,6}d?$/.test(value) ? Number.parseInt(value, 10) : NaN;
}

/** Parses `retention` in either of its forms. Invalid days become NaN. */
export function retentionOf(written: WrittenRetention | undefined): Retention {
  if (written === undefined) return DEFAULT_RETENTION;
  if (typeof written !== 'object') return { days: readDays(written) };
  const { days, count } = written;
  if (days === undefined && count === undefined) return DEFAULT_RETENTION;
  return { ...(days !== undefined && { days: readDays(days) }), ...(count !== undefined && { count }) };
}
