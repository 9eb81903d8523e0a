import type { Family } from '../database/family.ts';
import type { Database } from '../database/object.ts';
import { withoutServerMetadata } from '../database/server-metadata.ts';
import type { Settings } from '../database/types.ts';
import { emitYaml } from './emit.ts';
import type { Engine } from './engine.ts';
import type { Manifest } from './metadata.ts';
import { SYNC_WAVE, WAVE } from './metadata.ts';
import type { Model } from './model.ts';
import { modelOf } from './model.ts';
import { mongodb } from './mongodb/engine.ts';
import { mysql } from './mysql/engine.ts';
import { access } from './objects/access.ts';
import type { RequestedBackup, ScheduledBackups } from './objects/backup.ts';
import { backup, requestedBackup, scheduledBackups } from './objects/backup.ts';
import { monitoring } from './objects/monitoring.ts';
import { disruptionBudget, networkPolicy } from './objects/protection.ts';
import { services } from './objects/services.ts';
import { settings } from './objects/settings.ts';
import { verification } from './objects/verification.ts';
import { claims, statefulSet } from './objects/workload.ts';
import { postgresql } from './postgresql/engine.ts';

/** What each engine adds to the manifests that are the same for all of them. */
const ENGINE_PARTS: Readonly<Record<Model['engine'], Engine>> = { postgresql, mysql, mongodb };

/** The rendered parts of a Database, in the order of their application. */
const PARTS: readonly ((model: Model, engine: Engine) => Manifest[])[] = [
  access,
  settings,
  services,
  networkPolicy,
  disruptionBudget,
  claims,
  statefulSet,
  backup,
  verification,
  monitoring,
];

/** The Database itself with its static defaults, so that the API server adds nothing, in an early sync wave. */
function databaseManifest({ apiVersion, kind, metadata: written, spec }: Database): Manifest {
  const metadata = withoutServerMetadata(written);
  const annotations = { [SYNC_WAVE]: String(WAVE.database), ...metadata.annotations };
  return { apiVersion, kind, metadata: { ...metadata, annotations }, spec: spec };
}

/** The parts of a family that its rendering reads. `render` receives no others, so that this list is complete. */
export const RENDERED_PARTS = ['database'] as const satisfies readonly (keyof Family)[];

/** What `render` reads of a family. */
export type RenderedFamily = Pick<Family, (typeof RENDERED_PARTS)[number]>;

/**
 * Renders a family: the Database first, then all other objects in apply order. Pure: the same family, settings and version of Ballast
 * give the same manifests. The Database must have passed the rules and have a namespace.
 */
export function render({ database }: RenderedFamily, installation: Settings): Manifest[] {
  const model = modelOf(database, installation);
  const engine = ENGINE_PARTS[model.engine];
  return [databaseManifest(database), ...PARTS.flatMap((part) => part(model, engine))];
}

/** The Job of one requested backup; undefined when backups are off. The Database must have passed the rules. */
export function renderBackup(database: Database, settings: Settings, request: RequestedBackup): Manifest | undefined {
  const model = modelOf(database, settings);
  return requestedBackup(model, ENGINE_PARTS[model.engine], request);
}

/** The CronJob of a DatabaseBackup with a schedule; undefined when backups are off. The Database must have passed the rules. */
export function renderSchedule(database: Database, settings: Settings, asked: ScheduledBackups): Manifest | undefined {
  const model = modelOf(database, settings);
  return scheduledBackups(model, ENGINE_PARTS[model.engine], asked);
}

/** Manifests as one text of several YAML documents. */
export function manifestsToYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => `---\n${emitYaml(manifest)}`).join('');
}
