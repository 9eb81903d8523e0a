import type { Destination, WrittenDestination } from '../../database/destination.ts';
import { destinationOf, withoutPrefix } from '../../database/destination.ts';
import type { Context } from '../../policies/rule.ts';
import { backupDestinationForm } from '../../policies/rules/backup-destination-form.ts';
import { backupDestinationNoCredentials } from '../../policies/rules/backup-destination-no-credentials.ts';
import type { Json } from '../../database/json.ts';
import { sortedJson } from '../../database/sorted-json.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Model } from '../model.ts';
import { commandLine } from '../writers.ts';
import { PATHS } from './paths-and-ports.ts';

type DatabaseRestoreSpec = NonNullable<NonNullable<Model['spec']['bootstrap']>['restore']>;

/** The place that a first start takes its backup from. */
export interface Restore {
  readonly from: string;
  /** Undefined when the rules refuse the destination; a Database may be older than the rules. */
  readonly destination?: Destination;
  /** The Secret with the passphrase of the source's repository. */
  readonly encryptionSecret?: string;
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
  const { from, encryptionSecret } = restore;
  return {
    from,
    ...(destination !== undefined && { destination }),
    ...(encryptionSecret !== undefined && { encryptionSecret }),
  };
}

/** The target as an argument of `ballast-restore`. The rules let in one; of a Database that is older than they are the first counts. */
function targetOf({ targetTime, targetLSN, targetName }: DatabaseRestoreSpec): string[] {
  if (targetTime !== undefined) return [`--target-time=${targetTime}`];
  if (targetLSN !== undefined) return [`--target-lsn=${targetLSN}`];
  return targetName === undefined ? [] : [`--target-name=${targetName}`];
}

/** How a database that begins empty is made: options of initdb, of which some have a value. */
export const INITDB: readonly (readonly [option: string, value?: string])[] = [
  ['encoding', 'UTF8'],
  ['locale', 'C.UTF-8'],
  ['data-checksums'],
];

/** The arguments by which the Database's own backups come first, and by which it begins empty without any. */
function ownBackups({ name, backup }: Model): string[] {
  if (!backup?.recovers) return [];
  const initdb = INITDB.map((option) => `--initdb=${option.join('=')}`);
  return [`--recover=${PATHS.pgbackrestRecover}`, `--database=${name}`, ...initdb];
}

/** The arguments about the state of the source that is wanted. */
function stateOf(restore: DatabaseRestoreSpec): string[] {
  return [
    `--id=${fingerprint(sortedJson(restore))}`,
    ...(restore.backup === undefined ? [] : [`--backup=${restore.backup}`]),
    ...targetOf(restore),
  ];
}

/**
 * Patroni's bootstrap method when the cluster starts from a backup, or may do so; empty otherwise. The image's `ballast-restore` chooses the backup,
 * restores it, and leaves the replay to PostgreSQL; Patroni keeps the recovery settings until PostgreSQL has been promoted, and then
 * takes them away (post_bootstrap, _sanitize_auto_conf).
 */
export function bootstrapMethod(model: Model): { readonly [name: string]: Json } {
  const { restore } = model.spec.bootstrap ?? {};
  if (!restore && !model.backup?.recovers) return {};
  const command = [
    'ballast-restore',
    ...ownBackups(model),
    ...(restore ? [`--config=${PATHS.pgbackrestRestore}`, `--from=${restore.from}`] : []),
    `--data=${PATHS.pgdata}`,
    `--major=${model.series}`,
    ...(restore ? stateOf(restore) : []),
  ];
  return {
    method: 'restore',
    restore: {
      command: commandLine(command),
      keep_existing_recovery_conf: true,
      no_params: true,
    },
  };
}
