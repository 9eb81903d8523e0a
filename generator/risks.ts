import { sortedJson } from '../database/sorted-json.ts';
import type { WrittenDestination } from '../database/destination.ts';
import { readDestination } from '../database/destination.ts';
import type { Database } from '../database/object.ts';
import { replicasOf } from '../database/resolve.ts';
import { MEMBER_ACCOUNT } from '../policies/rules/member-account.ts';
import { accountsOf } from './accounts.ts';
import type { Json } from './emit.ts';
import type { Manifest } from './metadata.ts';
import { names } from './names.ts';

/** Something that a change does to the running database, worst first. */
export interface Risk {
  readonly level: 'data loss' | 'downtime' | 'restart' | 'note';
  readonly text: string;
}

const ORDER: readonly Risk['level'][] = ['data loss', 'downtime', 'restart', 'note'];

/** Risks in the order in which they are told. */
export function worstFirst(risks: readonly Risk[]): Risk[] {
  return risks.toSorted((left, right) => ORDER.indexOf(left.level) - ORDER.indexOf(right.level));
}

/** PostgreSQL's settings with context `postmaster`: they take a restart (pg_settings of PostgreSQL 18). */
const RESTART_PARAMETERS = new Set(
  `autovacuum_freeze_max_age autovacuum_multixact_freeze_max_age autovacuum_worker_slots bonjour commit_timestamp_buffers
  debug_io_direct dynamic_shared_memory_type event_source huge_page_size huge_pages io_max_combine_limit
  io_max_concurrency io_method jit_provider max_active_replication_origins max_connections max_files_per_process
  max_locks_per_transaction max_logical_replication_workers max_notify_queue_pages max_pred_locks_per_transaction
  max_prepared_transactions max_worker_processes min_dynamic_shared_memory multixact_member_buffers
  multixact_offset_buffers notify_buffers reserved_connections serializable_buffers shared_buffers
  shared_memory_type shared_preload_libraries subtransaction_buffers superuser_reserved_connections
  track_activity_query_size track_commit_timestamp transaction_buffers wal_buffers wal_decode_buffer_size`.split(/\s+/),
);

function podTemplate(manifests: readonly Manifest[]): string {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet');
  const spec = set?.['spec'] as { readonly template?: Json } | undefined;
  return sortedJson(spec?.template ?? null);
}

function changedParameters({ spec: a }: Database, { spec: b }: Database): string[] {
  const [before, after] = [a.parameters ?? {}, b.parameters ?? {}];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => String(before[name]) !== String(after[name]))
    .sort();
}

function restartRisks(old: Database, now: Database, reason: string): Risk[] {
  const alone = replicasOf(now.spec) < 2 || replicasOf(old.spec) < 2;
  if (alone) return [{ level: 'downtime', text: `${reason}: the only member restarts` }];
  return [
    { level: 'restart', text: `${reason}: standbys restart first, then a switchover interrupts writes for seconds` },
  ];
}

function versionRisks(old: Database, now: Database): Risk[] {
  const [from, to] = [old.spec.version, now.spec.version].map(String);
  if (from === to) return [];
  const series = (text: string | undefined): string =>
    (now.spec.engine === 'postgresql' ? (text ?? '').split('.')[0] : text?.split('.').slice(0, 2).join('.')) ?? '';
  if (series(from) === series(to)) return [];
  return [
    {
      level: 'downtime',
      text: `major upgrade from ${from} to ${to}: the database is down while its files are upgraded; there is no way back but a backup`,
    },
  ];
}

/** Where backups lie, in whichever form that was written. */
function placeOf(written: WrittenDestination | undefined): string {
  const result = written === undefined ? undefined : readDestination(written);
  if (!result?.ok) return '';
  if (result.destination.type === 'pvc') return 'pvc';
  const { bucket, prefix, endpoint = '' } = result.destination;
  return JSON.stringify([endpoint, bucket, prefix]);
}

function backupRisks({ spec: old }: Database, { spec: now }: Database): Risk[] {
  const before = old.backup?.enabled ? old.backup : undefined;
  if (!before) return [];
  if (!now.backup?.enabled) return [{ level: 'data loss', text: 'backups stop: from here on nothing can be restored' }];
  if (placeOf(before.destination) === placeOf(now.backup.destination)) return [];
  return [
    {
      level: 'note',
      text: 'backups go to another place: point-in-time recovery starts anew there, with a full backup',
    },
  ];
}

function replicaRisks(old: Database, now: Database): Risk[] {
  const [from, to] = [replicasOf(old.spec), replicasOf(now.spec)];
  if (to >= from) return [];
  const alone = to === 1 ? '; with one member there is no failover any more' : '';
  return [{ level: 'note', text: `from ${from} to ${to} replicas: the volumes of the leaving members stay${alone}` }];
}

function policyRisks({ spec: old }: Database, { spec: now }: Database): Risk[] {
  if (old.deletionPolicy === now.deletionPolicy || now.deletionPolicy !== 'Delete') return [];
  return [{ level: 'data loss', text: 'deletionPolicy becomes Delete: a confirmed deletion takes the data with it' }];
}

function removalRisks({ spec }: Database): Risk[] {
  if (spec.deletionPolicy === 'Delete') return [{ level: 'data loss', text: 'the database is deleted with its data' }];
  return [{ level: 'downtime', text: 'the database is removed; its volumes and credentials stay' }];
}

/** Members that still run under an account which is bound no more are on their own until they have restarted. */
function accountRisks(old: Database, now: Database): Risk[] {
  const [before, after] = [accountsOf(old), accountsOf(now)];
  if (before.pods === after.pods) return [];
  const change = `the account of the members changes from ${before.pods} to ${after.pods}`;
  if (after.all.includes(before.pods)) return restartRisks(old, now, change);
  const own = names.memberAccount(now.metadata.name ?? '');
  const way = after.pods === own ? `: go through ${MEMBER_ACCOUNT}: ${own}` : '';
  return [{ level: 'downtime', text: `${change}, and they lose their rights before they have restarted${way}` }];
}

/** Names what a change of a Database means while it runs; either side is undefined when it is made or removed. */
export function risksOf(
  old: { database: Database; manifests: readonly Manifest[] } | undefined,
  now: { database: Database; manifests: readonly Manifest[] } | undefined,
): Risk[] {
  if (!old) return [];
  if (!now) return removalRisks(old.database);
  const [a, b] = [old.database, now.database];
  const template = podTemplate(old.manifests) !== podTemplate(now.manifests);
  const accounts = accountRisks(a, b);
  const restarting = changedParameters(a, b).filter((name) => RESTART_PARAMETERS.has(name));
  const risks = [
    ...versionRisks(a, b),
    ...backupRisks(a, b),
    ...policyRisks(a, b),
    ...replicaRisks(a, b),
    ...accounts,
    ...(template && accounts.length === 0 ? restartRisks(a, b, 'the pods change') : []),
    ...(restarting.length > 0 && !template ? restartRisks(a, b, `${restarting.join(', ')} takes a restart`) : []),
  ];
  return worstFirst(risks);
}
