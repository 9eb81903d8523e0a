import { ENGINES } from '../../database/engines/index.ts';
import { PATRONI_PORT } from '../../database/engines/postgresql.ts';
import { PLACES } from '../paths.ts';

/** Ports inside a member's pod. */
export const PORTS = {
  postgresql: ENGINES.postgresql.port,
  patroni: PATRONI_PORT,
  pgbackrest: 8432,
  metrics: ENGINES.postgresql.metricsPort,
} as const;

/** Paths inside the containers. */
export const PATHS = {
  ...PLACES,
  pgdata: `${PLACES.data}/pgdata`,
  /** Exists while archiving is suspended (images/postgres/archive.py). */
  archiveSuspended: `${PLACES.data}/archive-suspended`,
  socket: '/var/run/postgresql',
  patroni: `${PLACES.settings}/patroni.yaml`,
  postgresqlConf: `${PLACES.settings}/postgresql.conf`,
  hba: `${PLACES.settings}/pg_hba.conf`,
  queries: `${PLACES.settings}/exporter.yaml`,
  pgbackrest: `${PLACES.settings}/pgbackrest.conf`,
  pgbackrestJob: `${PLACES.settings}/pgbackrest-job.conf`,
  pgbackrestVerify: `${PLACES.settings}/pgbackrest-verify.conf`,
  statements: `${PLACES.settings}/verify.json`,
  /** Of the Database's own repository, for a first start that begins with it. */
  pgbackrestRecover: `${PLACES.settings}/pgbackrest-recover.conf`,
  pgbackrestRestore: `${PLACES.settings}/pgbackrest-restore.conf`,
} as const;
