/** Ports inside a member's pod. */
export const PORTS = { postgresql: 5432, patroni: 8008, pgbackrest: 8432 } as const;

/** Where things are inside the containers. */
export const PATHS = {
  data: '/var/lib/ballast',
  repository: '/var/lib/pgbackrest',
  socket: '/var/run/postgresql',
  temporary: '/tmp',
  tls: '/etc/ballast-tls',
  settings: '/etc/ballast',
  patroni: '/etc/ballast/patroni.yaml',
  postgresqlConf: '/etc/ballast/postgresql.conf',
  hba: '/etc/ballast/pg_hba.conf',
  pgbackrest: '/etc/ballast/pgbackrest.conf',
  pgbackrestJob: '/etc/ballast/pgbackrest-job.conf',
  pgbackrestRestore: '/etc/ballast/pgbackrest-restore.conf',
} as const;
