import type { DatabaseSpec } from './object.ts';

/** Name of an engine, as `spec.engine` has it. */
export type EngineName = DatabaseSpec['engine'];

/** What several layers know of an engine. */
export interface EngineFacts {
  /** Port that clients connect to. */
  readonly port: number;
  /** Port of the exporter beside a member. */
  readonly metricsPort: number;
  /** Account that may do everything. */
  readonly superuser: string;
}

/** The facts of each engine. */
export const ENGINES: Readonly<Record<EngineName, EngineFacts>> = {
  postgresql: { port: 5432, metricsPort: 9187, superuser: 'postgres' },
  mysql: { port: 3306, metricsPort: 9104, superuser: 'root' },
  mongodb: { port: 27_017, metricsPort: 9216, superuser: 'root' },
};

/** Accounts of PostgreSQL that Ballast makes beside the superuser. */
export const REPLICATION_ROLE = 'replicator';
export const MONITOR_ROLE = 'ballast_monitor';

/** Port of Patroni's REST API. */
export const PATRONI_PORT = 8008;
