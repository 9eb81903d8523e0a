/**
 * Settings for which a standby must not have a lower value than its primary: Patroni keeps the old value until the primary has lowered it
 * (patroni/postgresql/config.py, effective_configuration).
 */
const FOLLOWED: ReadonlySet<string> = new Set([
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
]);

/** Whether a standby must not have a lower value of a PostgreSQL setting than its primary. */
export function isFollowed(name: string): boolean {
  return FOLLOWED.has(name);
}
