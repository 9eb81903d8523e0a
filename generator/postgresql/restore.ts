import type { Destination, WrittenDestination } from '../../database/destination.ts';
import { destinationOf, withoutPrefix } from '../../database/destination.ts';
import type { Context } from '../../policies/rule.ts';
import { backupDestinationForm } from '../../policies/rules/backup-destination-form.ts';
import { backupDestinationNoCredentials } from '../../policies/rules/backup-destination-no-credentials.ts';
import type { Json } from '../../database/json.ts';
import type { Model } from '../model.ts';
import { commandLine } from '../writers.ts';
import { sourceAssignments } from './repository-keys.ts';
import { PATHS } from './paths-and-ports.ts';

/** A first start from a backup. */
export interface Restore {
  readonly from: string;
  /** Undefined when the rules refuse the destination; a Database may be older than the rules. */
  readonly destination?: Destination;
  /** The Secret with the passphrase of the source's repository. */
  readonly encryptionSecret?: string;
  readonly backup?: string;
  readonly targetTime?: string;
}

/** No rule about a destination reads the time. */
const CONTEXT: Context = { now: new Date(0) };

/** The destination in the spec; undefined when the rules refuse it. */
function soundDestination(written: WrittenDestination): Destination | undefined {
  const rules = [backupDestinationForm, backupDestinationNoCredentials];
  const isSound = rules.every(({ judge }) => judge(written, [], CONTEXT).length === 0);
  return isSound ? destinationOf(written) : undefined;
}

/**
 * The backup that a Database starts from, if any. Without a readable destination the command finds no configuration and fails: a database
 * that was to start with data never starts empty.
 */
export function restoreOf({ spec, backup }: Model): Restore | undefined {
  const restore = spec.bootstrap?.restore;
  if (!restore) return undefined;
  const own = backup?.destination;
  const destination =
    restore.destination === undefined ? own && withoutPrefix(own) : soundDestination(restore.destination);
  const { from, backup: name, targetTime, encryptionSecret } = restore;
  return {
    from,
    ...(destination !== undefined && { destination }),
    ...(encryptionSecret !== undefined && { encryptionSecret }),
    ...(name !== undefined && { backup: name }),
    ...(targetTime !== undefined && { targetTime }),
  };
}

/**
 * A point in time in pgBackRest's format: only in this form can pgBackRest choose the backup by itself (its cvtZToTime knows neither T
 * nor Z).
 */
function recoveryTarget(time: string): string {
  return time.replace(/[Tt]/, ' ').replace(/[Zz]$/, '+00');
}

/**
 * The end of the WAL replay: the named moment, else the end of the named backup, else the end of the archive. A user who names a backup
 * wants none of the changes after it.
 */
function targetOf({ backup, targetTime }: Restore): string[] {
  // Without the action PostgreSQL would pause at the target, and Patroni wait for ever for the promotion.
  const promote = '--target-action=promote';
  if (targetTime !== undefined) return ['--type=time', `--target=${recoveryTarget(targetTime)}`, promote];
  return backup === undefined ? ['--type=default'] : ['--type=immediate', promote];
}

/** The command with the source's keys in its environment: Patroni runs it without a shell. */
function withSourceKeys(command: readonly string[], assignments: string): readonly string[] {
  return assignments === '' ? command : ['sh', '-c', `${assignments} exec "$@"`, 'sh', ...command];
}

/** Patroni's bootstrap method when the cluster starts from a backup; empty otherwise. */
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
    pgbackrest: {
      command: commandLine(withSourceKeys(command, sourceAssignments(model, restore))),
      keep_existing_recovery_conf: true,
      no_params: true,
    },
  };
}
