import { oneOf } from './lists.ts';
import type { ValueProblem } from './lists.ts';

/**
 * Options that a series removed, with their replacements (MySQL Server Version Reference, "Option and Variable Changes for MySQL 8.0" and
 * "… 8.4"; and the manual of 8.4, 1.4 and 1.5). A server with one of them does not start.
 */
const REMOVED: readonly (readonly [series: string, names: string])[] = [
  [
    '8.0',
    `bootstrap date_format datetime_format ignore_builtin_innodb innodb_checksums innodb_file_format innodb_file_format_check
    innodb_file_format_max innodb_large_prefix innodb_locks_unsafe_for_binlog innodb_stats_sample_pages innodb_support_xa
    innodb_undo_logs internal_tmp_disk_storage_engine log_warnings=log_error_verbosity max_tmp_tables
    metadata_locks_cache_size metadata_locks_hash_instances multi_range_count old_passwords query_cache_limit
    query_cache_min_res_unit query_cache_size query_cache_type query_cache_wlock_invalidate secure_auth
    show_compatibility_56 sync_frm time_format tx_isolation=transaction_isolation tx_read_only=transaction_read_only`,
  ],
  [
    '8.4',
    `abort_slave_event_count admin_ssl authentication_fido_rp_id avoid_temporal_upgrade binlog_transaction_dependency_tracking
    default_authentication_plugin=authentication_policy disconnect_slave_event_count
    expire_logs_days=binlog_expire_logs_seconds group_replication_ip_whitelist=group_replication_ip_allowlist
    group_replication_recovery_complete_at have_openssl have_ssl log_bin_use_v1_row_events master_info_repository
    relay_log_info_file relay_log_info_repository show_old_temporals slave_rows_search_algorithms
    transaction_write_set_extraction`,
  ],
];

const SERIES = ['8.0', '8.4'];

function removals(): ReadonlyMap<string, readonly [since: string, instead: string | undefined]> {
  const entries = REMOVED.flatMap(([since, names]) =>
    names.split(/\s+/).map((name): [string, readonly [string, string | undefined]] => {
      const [old = '', instead] = name.split('=');
      return [old, [since, instead]];
    }),
  );
  return new Map(entries);
}

const BY_NAME = removals();

/** A problem of an option's name for a release series; undefined when the lists do not contain it. */
export function mysqlNameProblem(series: string, canonical: string): ValueProblem | undefined {
  const [since, instead] = BY_NAME.get(canonical) ?? [];
  if (since === undefined || SERIES.indexOf(series) < SERIES.indexOf(since)) return undefined;
  return {
    problem: `must not be set: MySQL ${since} does not have it any more, and would not start`,
    remedy: instead === undefined ? 'remove it; nothing takes its place' : `write ${instead} instead`,
  };
}

/** A size with a unit of Kubernetes or of everyday use: mysqld knows K, M, G, T, P and E alone. */
const OTHER_UNIT = /^([0-9]{1,15})(?:\.[0-9]{1,15})? ?([kmgtpe])(?:i|i?b)$/i;
const FRACTION = /^[0-9]{1,15}\.[0-9]{1,15} ?[kmgtpe]$/i;

const SQL_MODES = `allow_invalid_dates ansi ansi_quotes error_for_division_by_zero high_not_precedence ignore_space
  no_auto_value_on_zero no_backslash_escapes no_dir_in_create no_engine_substitution no_unsigned_subtraction no_zero_date
  no_zero_in_date only_full_group_by pad_char_to_full_length pipes_as_concat real_as_float strict_all_tables
  strict_trans_tables time_truncate_fractional traditional`.split(/\s+/);

const sqlMode = oneOf(SQL_MODES, 'a list');

/** A problem of an option's value; undefined when the lists do not contain it. */
export function mysqlValueProblem(canonical: string, value: string): ValueProblem | undefined {
  const [, number, unit] = OTHER_UNIT.exec(value) ?? [];
  if (number !== undefined && unit !== undefined) {
    const remedy = value.includes('.') ? 'write a whole number with K, M or G' : `write ${number}${unit.toUpperCase()}`;
    return { problem: 'must be a size with a unit of MySQL’s: K, M, G or T', remedy };
  }
  if (FRACTION.test(value)) {
    return {
      problem: 'must be a whole number of a unit',
      remedy: 'write it in a smaller unit, such as 1536M for 1.5G',
    };
  }
  return canonical === 'sql_mode' ? sqlMode(value, 0) : undefined;
}

const SIZE = /^([0-9]{1,15})([kmgtpe]?)$/i;

/** Parses a size as mysqld does, in bytes; undefined for another form. */
export function mysqlBytes(value: string | number): number | undefined {
  const [, number, unit = ''] = SIZE.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** ' kmgtpe'.indexOf(unit.toLowerCase() || ' ');
}
