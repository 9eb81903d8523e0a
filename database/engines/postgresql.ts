import type { EngineFacts } from './facts.ts';

/** Accounts of PostgreSQL that Ballast makes beside the superuser. */
export const REPLICATION_ROLE = 'replicator';
export const MONITOR_ROLE = 'ballast_monitor';

/** Port of Patroni's REST API. */
export const PATRONI_PORT = 8008;

/** The settings that PostgreSQL and Patroni get from Ballast, by the remedy: the action to take instead of setting them. */
const OWNED: Readonly<Record<string, string>> = {
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

const REMEDIES: ReadonlyMap<string, string> = new Map(
  Object.entries(OWNED).flatMap(([remedy, names]) => names.split(' ').map((name): [string, string] => [name, remedy])),
);

/** PostgreSQL, which Patroni leads. */
export const postgresql: EngineFacts = {
  title: 'PostgreSQL',
  source: 'https://www.postgresql.org/support/versioning/',
  series: [
    { series: '14', endOfLife: '2026-11-12' },
    { series: '15', endOfLife: '2027-11-11' },
    { series: '16', endOfLife: '2028-11-09' },
    { series: '17', endOfLife: '2029-11-08' },
    { series: '18', endOfLife: '2030-11-14' },
  ],
  port: 5432,
  metricsPort: 9187,
  superuser: 'postgres',
  terminal: 'psql',
  parameters: {
    // An extension's setting has a dot: auto_explain.log_min_duration. Upper and lower case are the same: DateStyle.
    form: /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/,
    canonical: (name) => name.toLowerCase(),
    rendered: (name) => name.toLowerCase(),
    owned: [...REMEDIES.keys()],
    isOwned: (name) => REMEDIES.has(name.toLowerCase()),
    ownedRemedy: (name) => REMEDIES.get(name.toLowerCase()),
  },
  certificate: { inOneFile: false, forClients: true },
  can: { runs: true, replicates: true, setsPasswords: true, backsUp: true, restores: true, encryptsBackups: true },
};
