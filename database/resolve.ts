import type { DatabaseSpec } from './object.ts';
import { HIBERNATE } from './vocabulary.ts';
import { memoize } from './memoize.ts';
import type { DatabaseBackup } from './types.ts';
import type { Quantity } from './values/quantity.ts';
import { parseQuantity } from './values/quantity.ts';

/** What `size` stands for: members, and what each of them gets. */
interface Preset {
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
}

/** The presets of `spec.size`. They are worked out where they are used and never stored in a spec. */
const PRESETS: Readonly<Record<NonNullable<DatabaseSpec['size']>, Preset>> = {
  small: { replicas: 1, cpu: '500m', memory: '512Mi' },
  medium: { replicas: 2, cpu: '1', memory: '1Gi' },
  large: { replicas: 3, cpu: '2', memory: '2Gi' },
};

/** The number of members a Database asks for: its own, else the preset's, else 1. */
export function replicasOf({ replicas, size }: DatabaseSpec): number {
  return replicas ?? (size ? PRESETS[size].replicas : 1);
}

/** How standbys follow the primary, where the user says nothing too. */
export interface HighAvailability {
  readonly synchronous: 'off' | 'preferred' | 'required';
  readonly maximumLagBytes: number;
}

/** How the standbys of a Database follow the primary; its defaults when absent. */
export function highAvailabilityOf({ highAvailability }: DatabaseSpec): HighAvailability {
  return { synchronous: 'preferred', maximumLagBytes: 1_048_576, ...highAvailability };
}

/** Whether all members of a Database are stopped, with their data kept. */
export function isHibernating({ annotations }: { readonly annotations?: Readonly<Record<string, string>> }): boolean {
  return annotations?.[HIBERNATE] === 'true';
}

/** Processor time and memory of a member as the user or the preset wrote them. */
export interface Resources {
  readonly requests: Readonly<Record<string, string | number>>;
  readonly limits: Readonly<Record<string, string | number>>;
}

/**
 * The resources of a member. A preset gives what the user left out, memory with a limit of the same size so that a
 * member is never killed for another's greed.
 */
export function resourcesOf({ resources, size }: DatabaseSpec): Resources {
  const preset = PRESETS[size ?? 'small'];
  const requests = { cpu: preset.cpu, memory: preset.memory };
  if (!resources) return { requests, limits: { memory: preset.memory } };
  // A limit without a request is also the request, as in Kubernetes.
  return { requests: { ...requests, ...resources.limits, ...resources.requests }, limits: { ...resources.limits } };
}

const readQuantity = memoize(parseQuantity);

/** Reads a quantity as a user writes it, text or number; undefined when it is none. */
export function quantityOf(value: string | number | undefined): Quantity | undefined {
  if (value === undefined) return undefined;
  const result = readQuantity(String(value));
  return result.ok ? result.quantity : undefined;
}

/** How long backups are kept, in days and in number; a backup stays while either keeps it. */
export interface Retention {
  readonly days?: number;
  readonly count?: number;
}

/** What retention means when nothing is said. */
const DEFAULT_RETENTION: Retention = { days: 7, count: 5 };

/** `retention` as it may be written in a spec. */
export type WrittenRetention = NonNullable<DatabaseBackup['spec']['retention']>;

/** Reads days written as `7` or `7d`; NaN when it is neither. */
function readDays(value: string | number): number {
  if (typeof value === 'number') return value;
  return /^[0-9]{1,6}d?$/.test(value) ? Number.parseInt(value, 10) : NaN;
}

/** Reads `retention` in either of its forms. Days that are not a number come out as NaN. */
export function retentionOf(written: WrittenRetention | undefined): Retention {
  if (written === undefined) return DEFAULT_RETENTION;
  if (typeof written !== 'object') return { days: readDays(written) };
  const { days, count } = written;
  if (days === undefined && count === undefined) return DEFAULT_RETENTION;
  return { ...(days !== undefined && { days: readDays(days) }), ...(count !== undefined && { count }) };
}
