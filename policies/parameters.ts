import type { DatabaseSpec } from '../database/object.ts';
import { parseQuantity } from '../database/values/quantity.ts';
import { readNumber } from './parameters/numbers.ts';

type Engine = NonNullable<DatabaseSpec['engine']>;

/** The grammar of a setting's name, by engine. */
export const PARAMETER_NAME: Readonly<Record<Engine, RegExp>> = {
  // An extension's setting has a dot: auto_explain.log_min_duration. Upper and lower case are the same: DateStyle.
  postgresql: /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/,
  mysql: /^(loose[_-])?[a-z][a-z0-9_-]{0,62}$/,
  // Some server parameters begin with a capital: setParameter.KeysRotationIntervalSec.
  mongodb: /^[a-z][A-Za-z0-9]{0,62}(\.[A-Za-z][A-Za-z0-9]{0,62}){0,4}$/,
};

/** The settings that PostgreSQL and Patroni get from Ballast, by what to do instead of setting them. */
const POSTGRESQL_OWNED: Readonly<Record<string, string>> = {
  'remove it; spec.backup says where the log is archived':
    'archive_cleanup_command archive_command archive_library archive_mode archive_timeout',
  'remove it; spec.bootstrap.restore makes a database as it was at a point in time':
    'recovery_end_command recovery_target recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time recovery_target_timeline recovery_target_xid restore_command',
  'remove it; spec.highAvailability.synchronous says whether commits wait for standbys': 'synchronous_standby_names',
  'remove it; Patroni leads standbys, and no field of the spec sets it':
    'cluster_name hot_standby hot_standby_feedback primary_conninfo primary_slot_name promote_trigger_file recovery_min_apply_delay transaction_read_only',
  'remove it; it is the same for every database: 16 slots and senders, wal_level logical, wal_log_hints on':
    'max_replication_slots max_wal_senders wal_level wal_log_hints',
  'remove it; members listen on port 5432 of every address, and spec.networkPolicy says who reaches them':
    'listen_addresses port unix_socket_directories unix_socket_group unix_socket_permissions',
  'remove it; connections are encrypted with a certificate that the controller makes and renews':
    'ssl ssl_ca_file ssl_cert_file ssl_crl_dir ssl_crl_file ssl_key_file ssl_passphrase_command',
  'remove it; passwords are kept as scram-sha-256': 'password_encryption',
  'remove it; members log to the output of their container': 'log_directory log_filename logging_collector',
  'remove it; the files of a member have fixed places':
    'config_file data_directory external_pid_file hba_file ident_file include include_dir include_if_exists',
  'remove it; settings are changed in spec.parameters, so that Git says what is in force': 'allow_alter_system',
};

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
  postgresql: words(Object.values(POSTGRESQL_OWNED).join(' ')),
  mysql: words(MYSQL_OWNED),
  mongodb: words(MONGODB_OWNED),
};

/** In lower case: mongod would not start with another spelling, and what was meant is Ballast's all the same. */
const OWNED_SECTIONS: ReadonlySet<string> = new Set([...OWNED.mongodb].map((name) => name.toLowerCase()));

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
  const sections = name.toLowerCase().split('.');
  return sections.some((_, index) => OWNED_SECTIONS.has(sections.slice(0, index + 1).join('.')));
}

const REMEDIES: ReadonlyMap<string, string> = new Map(
  Object.entries(POSTGRESQL_OWNED).flatMap(([remedy, names]) =>
    names.split(' ').map((name): [string, string] => [name, remedy]),
  ),
);

/** What to do instead of setting what Ballast sets; undefined where there is nothing special to say. */
export function ownedRemedy(engine: Engine, name: string): string | undefined {
  return engine === 'postgresql' ? REMEDIES.get(name.toLowerCase()) : undefined;
}

/** The spelling by which an engine's settings are told apart. */
export function canonicalName(engine: Engine, name: string): string {
  if (engine === 'postgresql') return name.toLowerCase();
  return engine === 'mysql' ? name.replaceAll('-', '_').replace(/^loose_/, '') : name;
}

/** The setting of that name as the user wrote it, in whichever spelling. */
export function parameterOf(
  { parameters = {}, ...spec }: DatabaseSpec,
  canonical: string,
): { readonly name: string; readonly value: string | number } | undefined {
  const { engine } = spec;
  const name = Object.keys(parameters).find((written) => canonicalName(engine, written) === canonical);
  const value = name === undefined ? undefined : parameters[name];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/** Control characters and quotes, and the line ends that some parsers know beside \n. */
// eslint-disable-next-line no-control-regex -- these characters are what it is about
const ESCAPING = /[\u0000-\u001f\u007f\u0085\u2028\u2029'"\\]/;

/** Whether a value could end its quotes or its line in a configuration file. */
export function breaksOut(value: string | number): boolean {
  return typeof value === 'string' && ESCAPING.test(value);
}

/** PostgreSQL counts shared_buffers without a unit in blocks (runtime-config-resource.html). */
const BLOCK = 8192;

/** Reads shared_buffers in bytes; undefined when it has another form. */
export function sharedBuffersBytes(value: string | number): number | undefined {
  const read = readNumber(String(value), { unit: '8kB', whole: true });
  return read.ok ? read.value * BLOCK : undefined;
}

/** The share of a member's memory that PostgreSQL gets as shared_buffers when nothing is said: a quarter. */
export function defaultSharedBuffers(memory: string | number): string {
  const result = parseQuantity(String(memory));
  const bytes = result.ok ? Number(result.quantity.nano / 1_000_000_000n) : 0;
  return `${Math.max(16, Math.floor(bytes / 4 / 2 ** 20))}MB`;
}
