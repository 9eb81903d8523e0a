/**
 * Settings that a standby may not run with less of than its primary: Patroni keeps them up until the primary has come
 * down (patroni/postgresql/config.py, effective_configuration).
 */
const FOLLOWED: ReadonlySet<string> = new Set([
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
]);

/** Whether a standby may not run with less of a setting of PostgreSQL's than its primary. */
export function isFollowed(name: string): boolean {
  return FOLLOWED.has(name);
}
