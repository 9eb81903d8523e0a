import type { DatabaseSpec } from '../database/object.ts';
import { parseQuantity } from '../database/values/quantity.ts';

type Engine = NonNullable<DatabaseSpec['engine']>;

/** The grammar of a setting's name, by engine. */
export const PARAMETER_NAME: Readonly<Record<Engine, RegExp>> = {
  // An extension's setting has a dot: auto_explain.log_min_duration.
  postgresql: /^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/,
  mysql: /^(loose[_-])?[a-z][a-z0-9_-]{0,62}$/,
  mongodb: /^[a-z][A-Za-z0-9]{0,62}(\.[a-z][A-Za-z0-9]{0,62}){0,4}$/,
};

const POSTGRESQL_OWNED = `
  allow_alter_system archive_cleanup_command archive_command archive_library archive_mode archive_timeout
  cluster_name config_file data_directory external_pid_file hba_file hot_standby hot_standby_feedback ident_file
  include include_dir include_if_exists listen_addresses log_directory log_filename logging_collector max_replication_slots
  max_wal_senders password_encryption port primary_conninfo primary_slot_name promote_trigger_file recovery_end_command
  recovery_min_apply_delay recovery_target recovery_target_action recovery_target_inclusive recovery_target_lsn
  recovery_target_name recovery_target_time recovery_target_timeline recovery_target_xid restore_command
  ssl ssl_ca_file ssl_cert_file ssl_crl_dir ssl_crl_file ssl_key_file ssl_passphrase_command
  synchronous_standby_names transaction_read_only unix_socket_directories unix_socket_group unix_socket_permissions
  wal_level wal_log_hints`;

const MYSQL_OWNED = `
  admin_address basedir bind_address datadir init_file log_error mysqlx pid_file plugin_dir port require_secure_transport secure_file_priv
  server_id skip_grant_tables skip_networking socket ssl_ca ssl_cert ssl_key tmpdir user`;

const MONGODB_OWNED = `
  net.bindIp net.bindIpAll net.port net.tls net.unixDomainSocket processManagement replication security
  sharding storage.dbPath systemLog`;

/** Settings that name code to run, or where such code is found. */
export const LIBRARY_PARAMETERS = [
  'dynamic_library_path',
  'extension_control_path',
  'jit_provider',
  'local_preload_libraries',
  'oauth_validator_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
] as const;

/** Names of installed libraries, or PostgreSQL's own words for their folders; nothing that leads elsewhere. */
const INSTALLED_LIBRARIES = /^(?:[A-Za-z0-9_., -]|\$libdir\/(?:plugins\/)?|\$libdir$|\$system$)*$/;

/** Whether the value of such a setting names installed libraries only; an absent one names none. */
export function isInstalledLibraries(value: string | number | boolean | undefined): boolean {
  return INSTALLED_LIBRARIES.test(String(value ?? ''));
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** The settings that Ballast sets itself, by engine. */
export const OWNED: Readonly<Record<Engine, ReadonlySet<string>>> = {
  postgresql: words(POSTGRESQL_OWNED),
  mysql: words(MYSQL_OWNED),
  mongodb: words(MONGODB_OWNED),
};

/** mysqld knows an option by any beginning that is no other's, and by prefixes of its own (option-modifiers.html). */
function isOwnedByMysql(name: string): boolean {
  const bare = name.toLowerCase().replaceAll('-', '_');
  const names = [bare, bare.replace(/^(loose|skip|enable|disable|maximum)_/, '')];
  return names.some((one) => [...OWNED.mysql].some((owned) => owned.startsWith(one)));
}

/** Whether Ballast sets a parameter itself: replication, archiving, listening, access and places of files. */
export function isOwned(engine: Engine, name: string): boolean {
  if (engine === 'postgresql') return OWNED.postgresql.has(name.toLowerCase());
  if (engine === 'mysql') return isOwnedByMysql(name);
  const sections = name.split('.');
  return sections.some((_, index) => OWNED.mongodb.has(sections.slice(0, index + 1).join('.')));
}

const MEMORY_UNITS: Readonly<Record<string, number>> = { B: 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };
/** PostgreSQL counts shared_buffers without a unit in blocks of 8 kB (runtime-config-resource.html). */
const BLOCK = 8192;

/** Reads a memory setting of PostgreSQL in bytes; undefined when it has another form. */
export function sharedBuffersBytes(value: string | number): number | undefined {
  const match = /^\s*([0-9]+(?:\.[0-9]+)?)\s*(?:(B|kB|MB|GB|TB)\s*)?$/.exec(String(value));
  if (!match) return undefined;
  return Number(match[1]) * (match[2] ? (MEMORY_UNITS[match[2]] ?? 1) : BLOCK);
}

/** The share of a member's memory that PostgreSQL gets as shared_buffers when nothing is said: a quarter. */
export function defaultSharedBuffers(memory: string | number): string {
  const result = parseQuantity(String(memory));
  const bytes = result.ok ? Number(result.quantity.nano / 1_000_000_000n) : 0;
  return `${Math.max(16, Math.floor(bytes / 4 / 2 ** 20))}MB`;
}
