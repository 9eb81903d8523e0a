import type { EngineFacts } from './facts.ts';

const OWNED = [
  ...[
    'admin_address',
    'basedir',
    'bind_address',
    'datadir',
    'init_file',
    'log_error',
    'mysqlx',
    'pid_file',
    'plugin_dir',
  ],
  ...['port', 'require_secure_transport', 'secure_file_priv', 'server_id', 'skip_grant_tables', 'skip_networking'],
  ...['socket', 'ssl_ca', 'ssl_cert', 'ssl_key', 'tmpdir', 'user'],
];

/** Whether mysqld would read a name as an owned option: by any beginning of it, and by prefixes (option-modifiers.html). */
function isOwned(name: string): boolean {
  const bare = name.toLowerCase().replaceAll('-', '_');
  const names = [bare, bare.replace(/^(loose|skip|enable|disable|maximum)_/, '')];
  return names.some((one) => OWNED.some((owned) => owned.startsWith(one)));
}

/** MySQL, of which a Database has a single member so far. */
export const mysql: EngineFacts = {
  title: 'MySQL',
  source: 'https://www.mysql.com/support/supportedplatforms/database.html',
  series: [
    { series: '8.0', endOfLife: '2026-04-30' },
    { series: '8.4', endOfLife: '2032-04-30' },
  ],
  port: 3306,
  metricsPort: 9104,
  superuser: 'root',
  terminal: 'mysql',
  parameters: {
    form: /^(loose[_-])?[a-z][a-z0-9_-]{0,62}$/,
    canonical: (name) => name.replaceAll('-', '_').replace(/^loose_/, ''),
    rendered: (name) => name,
    owned: OWNED,
    isOwned,
    ownedRemedy: () => undefined,
  },
  certificate: { inOneFile: false, forClients: false },
  can: {
    runs: false,
    replicates: false,
    setsPasswords: false,
    backsUp: false,
    restores: false,
    encryptsBackups: false,
  },
};
