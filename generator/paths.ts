/** Paths inside the containers of every engine. */
export const PLACES = {
  bucketCa: '/etc/ballast-bucket-ca',
  bucketKey: '/etc/ballast-bucket-key',
  data: '/var/lib/ballast',
  repository: '/var/lib/pgbackrest',
  restoreCa: '/etc/ballast-restore-ca',
  restoreKey: '/etc/ballast-restore-key',
  settings: '/etc/ballast',
  temporary: '/tmp',
  tls: '/etc/ballast-tls',
} as const;
