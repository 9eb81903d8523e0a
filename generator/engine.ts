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
  /** What whoever is paged does first, where the summary does not say it. */
  readonly description?: string;
}

/** A panel of the dashboard: its title, its query, and the label that names its lines; `pod` when absent. */
export interface Panel {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly line?: string;
}

/** What the backup job of an engine needs beside what every engine's needs. */
export interface BackupJob {
  readonly arguments: readonly string[];
  readonly environment: Json[];
  /** Which pods its own must run beside; the node is chosen as that of a member. */
  readonly affinity?: Json;
}

/** What differs between engines. Everything else is rendered once for all of them. */
export interface Engine {
  readonly client: EnginePort;
  /** Ports with metrics, once monitoring is on. */
  readonly metrics: (model: Model) => readonly MetricsPort[];
  /** Ports by which members, the controller and backup jobs reach a member. */
  readonly internal: (model: Model) => readonly EnginePort[];
  /** Whom members connect to themselves, as rules of a NetworkPolicy. */
  readonly egress: (model: Model) => Json[];
  /** Files of the settings ConfigMap. */
  readonly files: (model: Model) => Record<string, string>;
  /** What of it a running member does not notice when it changes, so that the pods must be recreated. */
  readonly startConfiguration: (model: Model) => string;
  readonly containers: (model: Model) => Json[];
  readonly volumes: (model: Model) => Json[];
  /** Rights of the members' service account beyond none. */
  readonly rights: (model: Model) => readonly Json[];
  readonly backupJob: (model: Model) => BackupJob;
  /** Where a backup volume is served; for engines whose members write to it themselves. */
  readonly repository?: EnginePort;
  /** What keeps a backup volume within reach of all members; for engines whose members write to it themselves. */
  readonly repositoryHost?: (model: Model) => Manifest[];
  readonly alerts: (model: Model) => Alert[];
  readonly panels: (model: Model) => Panel[];
}
