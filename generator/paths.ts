/** Paths inside the containers of every engine. */
export const PLACES = {
  data: '/var/lib/ballast',
  repository: '/var/lib/pgbackrest',
  settings: '/etc/ballast',
  temporary: '/tmp',
  tls: '/etc/ballast-tls',
} as const;
