import type { DatabaseSpec } from '../object.ts';

/** Name of an engine, as `spec.engine` has it. */
export type EngineName = DatabaseSpec['engine'];

/** One release series of an engine: a step to the next one is a major upgrade. */
interface Series {
  /** In users' notation: `16`, `8.0`. */
  readonly series: string;
  /** Last day of its support, ISO date. */
  readonly endOfLife: string;
}

/** The names of an engine's settings, as `spec.parameters` has them. */
export interface ParameterNames {
  /** The grammar of a name. */
  readonly form: RegExp;
  /** The canonical spelling, which identifies a setting. */
  readonly canonical: (name: string) => string;
  /** The spelling in which a setting is rendered. */
  readonly rendered: (name: string) => string;
  /** The settings that Ballast sets itself, for replication, archiving, listening, access and places of files. */
  readonly owned: readonly string[];
  /** Whether the engine would read a name as one of them. */
  readonly isOwned: (name: string) => boolean;
  /** The action to take instead of setting a setting that Ballast owns, as an imperative clause; undefined for the common one. */
  readonly ownedRemedy: (name: string) => string | undefined;
}

/** The features of Ballast for an engine; rules refuse, or warn of, the missing ones. */
export interface Abilities {
  /** An image is built, and the engine has run on real nodes. */
  readonly runs: boolean;
  /** Standbys follow a primary, and one of them takes over; else a Database has a single member. */
  readonly replicates: boolean;
  /** The passwords of the Secrets are put in force on the server, and can be rotated. */
  readonly setsPasswords: boolean;
  /** WAL or its like is archived, and backups are made. */
  readonly backsUp: boolean;
  /** A Database can start from a backup of another. */
  readonly restores: boolean;
  /** Backups can be encrypted. */
  readonly encryptsBackups: boolean;
}

/** How an engine reads its certificate. */
export interface CertificateNeeds {
  /** The server needs certificate and key in one file, besides the two files for clients. */
  readonly inOneFile: boolean;
  /** Members log in to each other with it, so that it must be valid for clients too. */
  readonly forClients: boolean;
}

/** The facts of an engine that several layers read. */
export interface EngineFacts {
  /** As its makers write it. */
  readonly title: string;
  /** Its release series that Ballast knows, oldest first; an upgrade goes from one to the next. */
  readonly series: readonly Series[];
  /** The page on which its makers publish the ends of support. */
  readonly source: string;
  /** Port that clients connect to. */
  readonly port: number;
  /** Port of the exporter beside a member. */
  readonly metricsPort: number;
  /** The account with all rights. */
  readonly superuser: string;
  /** Its makers' own program for statements from a terminal. */
  readonly terminal: 'psql' | 'mysql' | 'mongosh';
  readonly parameters: ParameterNames;
  readonly certificate: CertificateNeeds;
  readonly can: Abilities;
}
