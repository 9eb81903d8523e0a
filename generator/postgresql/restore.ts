import type { Destination } from '../../database/destination.ts';
import { readDestination } from '../../database/destination.ts';
import type { Json } from '../emit.ts';
import type { Model } from '../model.ts';
import { commandLine } from '../writers.ts';
import { PATHS } from './places.ts';

/** A first start from a backup. */
export interface Restore {
  readonly from: string;
  readonly destination: Destination;
  readonly backup?: string;
  readonly targetTime?: string;
}

/** What a Database is first made from, when that is a backup and its place is known. */
export function restoreOf({ spec, backup }: Model): Restore | undefined {
  const restore = spec.bootstrap?.restore;
  if (!restore) return undefined;
  const written = restore.destination === undefined ? undefined : readDestination(restore.destination);
  if (written?.ok === false) throw new Error('a wrong destination of a restore came past the rules');
  const own = backup?.destination;
  // Under the source's own name, never under ours: two databases must not share a path.
  const sameBucket: Destination | undefined = own?.type === 's3' ? { ...own, prefix: '' } : own;
  const destination = written?.destination ?? sameBucket;
  if (!destination) return undefined;
  const { from, backup: name, targetTime } = restore;
  return {
    from,
    destination,
    ...(name !== undefined && { backup: name }),
    ...(targetTime !== undefined && { targetTime }),
  };
}

/**
 * A point in time as pgBackRest reads it: only in this form can it choose the backup by itself (its cvtZToTime knows
 * neither T nor Z).
 */
function recoveryTarget(time: string): string {
  return time.replace(/[Tt]/, ' ').replace(/[Zz]$/, '+00');
}

/**
 * Up to where the log is replayed: the moment that is named, else the end of the backup that is named, else all that the
 * archive holds. Whoever names a backup wants to be rid of what came after it.
 */
function targetOf({ backup, targetTime }: Restore): string[] {
  // Without the action PostgreSQL would pause at the target, and Patroni wait for ever for it to become primary.
  const promote = '--target-action=promote';
  if (targetTime !== undefined) return ['--type=time', `--target=${recoveryTarget(targetTime)}`, promote];
  return backup === undefined ? ['--type=default'] : ['--type=immediate', promote];
}

/** Patroni's bootstrap method when the cluster starts from a backup; nothing otherwise. */
export function bootstrapMethod(model: Model): { readonly [name: string]: Json } {
  const restore = restoreOf(model);
  if (!restore) return {};
  const { from, backup } = restore;
  const command = [
    'pgbackrest',
    `--config=${PATHS.pgbackrestRestore}`,
    `--stanza=${from}`,
    ...targetOf(restore),
    ...(backup === undefined ? [] : [`--set=${backup}`]),
    '--delta',
    'restore',
  ];
  return {
    method: 'pgbackrest',
    pgbackrest: { command: commandLine(command), keep_existing_recovery_conf: true, no_params: true },
  };
}
