import { RESTORE_ANNOTATION, RESTORE_REQUEST, RESTORE_RESULT } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { MemberRestores } from '../databases/observation.ts';
import type { RestoreRequest, RestoreResult } from '../databases/observed-backups.ts';
import type { JsonObject, WithTimesInMs } from './json-path.ts';
import { read, recordAt, withoutAbsent } from './json-path.ts';
import { backupLabel, identity, json, jsonRecord, member, message, objectName, time } from './values.ts';

/** The id of a restore: 16 hex digits. */
function restoreId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value) ? value : undefined;
}

const STATES = ['hold', 'restore', 'follow'] as const;
const RESULTS = ['restored', 'failed'] as const;
/** More than a member keeps (images/postgres/in_place.py). */
const MOST_DONE = 200;

function resultIn(text: unknown, id: string): RestoreResult | undefined {
  const value = jsonRecord(text);
  const state = RESULTS.find((one) => one === value['state']);
  if (!state || value['id'] !== id) return undefined;
  return { state, ...withoutAbsent({ reason: message(value['reason']), backup: backupLabel(value['backup']) }) };
}

/** Reads the request for a restore in place of a Database from its ConfigMap; undefined without one that can be read. */
export function restoreRequestIn(
  { metadata }: KubernetesObject,
  annotations: JsonObject,
  database: string,
): WithTimesInMs<RestoreRequest> | undefined {
  const value = jsonRecord(annotations[RESTORE_REQUEST]);
  const [id, restore] = [restoreId(value['id']), objectName(value['restore'])];
  const [who, state] = [member(value['member'], database), STATES.find((one) => one === value['state'])];
  if (id === undefined || restore === undefined || who === undefined || !state) return undefined;
  return {
    ...{ id, restore, member: who, state },
    uid: identity(metadata.uid),
    resourceVersion: identity(metadata.resourceVersion),
    createdAt: read(time, metadata, 'creationTimestamp') ?? 0,
    ...withoutAbsent({
      failure: message(value['failure']),
      result: resultIn(annotations[RESTORE_RESULT], id),
    }),
  };
}

/** The request as decisions read it. */
export function restoreRequestOf(kept: WithTimesInMs<RestoreRequest>): RestoreRequest {
  return { ...kept, createdAt: new Date(kept.createdAt) };
}

/** Reads what a member says of restores in place; undefined until it has said something. */
export function memberRestoresIn(annotations: JsonObject): MemberRestores | undefined {
  const value = recordAt(json(annotations[RESTORE_ANNOTATION]));
  const { held, done } = value;
  if (restoreId(held) !== undefined) return { held: String(held) };
  if (!Array.isArray(done)) return undefined;
  return { done: done.slice(0, MOST_DONE).flatMap((one: unknown) => restoreId(one) ?? []) };
}
