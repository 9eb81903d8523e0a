import type { Json } from '../database/json.ts';
import type { Manifest } from './metadata.ts';
import type { Model } from './model.ts';

/** A port that clients, members or scrapers use. */
export interface EnginePort {
  readonly name: string;
  readonly port: number;
}

/** A port with metrics, and whether it is scraped over TLS. */
export interface MetricsPort extends EnginePort {
  readonly tls: boolean;
}

/** One alert of Prometheus. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  /** The first action of an on-call engineer, where the summary does not say it. */
  readonly description?: string;
}

/** A panel of the dashboard: its title, its query, and the label that names its series; `pod` when absent. */
export interface Panel {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly line?: string;
}

/** The engine-specific parts of a job that makes or verifies a backup. */
export interface BackupJob {
  readonly arguments: readonly string[];
  readonly environment: Json[];
  /** Whether the job tells what came of it in NAME-backups, for which it calls the API server. */
  readonly tellsTheList?: boolean;
  /** The pods that its own must run beside; undefined schedules it like a member. */
  readonly affinity?: Json;
}

/** The differences between engines. All other manifests are rendered the same way for all of them. */
export interface Engine {
  readonly client: EnginePort;
  /** Ports with metrics, once monitoring is on. */
  readonly metrics: (model: Model) => readonly MetricsPort[];
  /** Ports by which members, the controller and backup jobs reach a member. */
  readonly internal: (model: Model) => readonly EnginePort[];
  /** The peers that members connect to, as rules of a NetworkPolicy. */
  readonly egress: (model: Model) => Json[];
  /** Files of the settings ConfigMap. */
  readonly files: (model: Model) => Record<string, string>;
  /** The configuration that a member reads only at its start, so that a change must recreate the pods. */
  readonly startConfiguration: (model: Model) => string;
  /** Ballast's own settings of running servers that take a restart, by name; for engines whose settings the controller writes. */
  readonly restartSettings?: (model: Model) => Readonly<Record<string, string>>;
  readonly containers: (model: Model) => Json[];
  readonly volumes: (model: Model) => Json[];
  /** Rights of the members' service account. */
  readonly rights: (model: Model) => readonly Json[];
  readonly backupJob: (model: Model) => BackupJob;
  /** The job that verifies a backup; for engines whose backups a program can restore. */
  readonly verificationJob?: (model: Model) => BackupJob;
  /** The port of the repository host; for engines whose members write to a backup volume themselves. */
  readonly repository?: EnginePort;
  /** The repository host, which makes a backup volume reachable for all members; for engines whose members write to it themselves. */
  readonly repositoryHost?: (model: Model) => Manifest[];
  readonly alerts: (model: Model) => Alert[];
  readonly panels: (model: Model) => Panel[];
}
