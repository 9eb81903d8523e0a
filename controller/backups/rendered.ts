import { API_VERSION } from '../../database/schema/common.ts';
import type { Settings } from '../../database/types.ts';
import { MADE_FROM, OWNER } from '../../database/vocabulary.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { renderBackup, renderSchedule } from '../../generator/render.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { sha1Of } from '../cluster/managed-object.ts';
import type { DatabaseSeen } from '../databases/observation.ts';
import { RESOURCES } from '../resources.ts';
import type { BackupObject, BackupSeen, WantedSchedule } from './observation.ts';

/** A manifest as the object of a DatabaseBackup: it belongs to that, and goes with it. */
function belongingTo({ name, uid }: BackupObject, database: DatabaseSeen, manifest: Manifest): KubernetesObject {
  const { kind } = RESOURCES.DatabaseBackup;
  const metadata = manifest['metadata'] as unknown as KubernetesObject['metadata'];
  return {
    ...manifest,
    metadata: {
      ...metadata,
      annotations: { [OWNER]: database.uid },
      ownerReferences: [{ apiVersion: API_VERSION, kind, name, uid, controller: true }],
    },
  };
}

/** The Job of a requested backup. */
export function jobFor({ own, database }: BackupSeen, settings: Settings): KubernetesObject {
  const { name, spec } = own;
  const { type, keepForever } = spec;
  if (!database) throw new Error(`a backup that may not run came past the gates: ${name}`);
  const job = renderBackup(database.own.database, settings, { name, type, keepForever });
  if (!job) throw new Error(`backups of ${database.own.database.metadata.name ?? ''} are off`);
  return belongingTo(own, database.own, job);
}

/** The CronJob of a schedule, with a fingerprint of itself; undefined while backups are off. The Database must have passed the rules. */
export function cronJobFor(
  own: BackupObject,
  database: DatabaseSeen,
  settings: Settings,
): KubernetesObject | undefined {
  const { schedule, type, ...spec } = own.spec;
  if (schedule === undefined) return undefined;
  const manifest = renderSchedule(database.database, settings, { ...spec, name: own.name, type, schedule });
  if (!manifest) return undefined;
  const object = belongingTo(own, database, manifest);
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [MADE_FROM]: sha1Of(object) } },
  };
}

/** What is compared of a CronJob with the one that stands. */
export function wantedIn({ metadata, spec }: KubernetesObject): WantedSchedule {
  const { schedule, timeZone, suspend } = spec as Omit<WantedSchedule, 'fingerprint'>;
  return { schedule, timeZone, suspend, fingerprint: metadata.annotations?.[MADE_FROM] ?? '' };
}
