import type { DatabaseSpec } from '../object.ts';

/** Name of an engine, as `spec.engine` has it. */
export type EngineName = DatabaseSpec['engine'];

/** One release series of an engine: what follows it is a major upgrade. */
interface Series {
  /** As users write it: `16`, `8.0`. */
  readonly series: string;
  /** Last day of its support, ISO date. */
  readonly endOfLife: string;
}

/** The names of an engine's settings, as `spec.parameters` has them. */
export interface ParameterNames {
  /** The grammar of a name. */
  readonly form: RegExp;
  /** The spelling by which settings are told apart. */
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

/** Whether Ballast does a thing with an engine yet; rules refuse, or warn about, what it does not do. */
export interface Abilities {
  /** An image is built, and the engine has run on real nodes. */
  readonly runs: boolean;
  /** Standbys follow a primary, and one of them takes over; else a Database has a single member. */
  readonly replicates: boolean;
  /** The passwords of the Secrets are put in force on the server, and can be rotated. */
  readonly setsPasswords: boolean;
  /** A Database can begin with a backup of another. */
  readonly restores: boolean;
}

/** How an engine reads its certificate. */
export interface CertificateNeeds {
  /** The server wants certificate and key in one file, beside the two files that clients read. */
  readonly inOneFile: boolean;
  /** Members log in to each other with it, so that it must be good for clients too. */
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
  /** Account that may do everything. */
  readonly superuser: string;
  readonly parameters: ParameterNames;
  readonly certificate: CertificateNeeds;
  readonly can: Abilities;
}
