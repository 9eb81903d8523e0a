/** Paths inside the containers of every engine. */
export const PLACES = {
  bucketCa: '/etc/ballast-bucket-ca',
  data: '/var/lib/ballast',
  repository: '/var/lib/pgbackrest',
  restoreCa: '/etc/ballast-restore-ca',
  settings: '/etc/ballast',
  temporary: '/tmp',
  tls: '/etc/ballast-tls',
} as const;
