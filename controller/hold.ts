import { API_VERSION } from '../database/schema/common.ts';
import type { Api } from '../kubernetes/api.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { EventRecorder, Subject } from '../kubernetes/events.ts';
import type { Log } from '../kubernetes/log.ts';
import { bugOf } from '../kubernetes/log.ts';
import { RESOURCES } from './resources.ts';
import type { DatabaseKept } from './observe/database.ts';
import { statusOccurrences } from './occurrences.ts';
import { statusPatch } from './status-patch.ts';
import type { Held } from './status/held.ts';
import { heldStatus } from './status/held.ts';

/** What telling that a Database is held works with. */
export interface Telling {
  readonly api: Pick<Api, 'patch'>;
  readonly clock: Pick<Clock, 'date'>;
  readonly log: Log;
  readonly recorder: Pick<EventRecorder, 'record'>;
}

/** The Database as events name it. */
export function subjectOf({ namespace, name, uid }: DatabaseKept): Subject {
  return { apiVersion: API_VERSION, kind: RESOURCES.Database.kind, namespace, name, uid };
}

/** Tells in the status that nothing is done about a Database, and why; never rejected. */
export async function tellHeld(kept: DatabaseKept, held: Held, telling: Telling): Promise<void> {
  const { api, clock, log, recorder } = telling;
  const { namespace, name, generation, resourceVersion, status: before } = kept;
  try {
    const after = heldStatus(before, { held, generation, now: clock.date() });
    const patch = statusPatch(before, after);
    if (!patch) return;
    const body = { metadata: { resourceVersion }, status: patch };
    await api.patch(RESOURCES.Database, { namespace, name, subresource: 'status' }, { type: 'merge', body });
    for (const occurrence of statusOccurrences(before, after)) recorder.record(subjectOf(kept), occurrence);
  } catch (error) {
    log.warn({ database: kept.owner, ...bugOf(error) }, 'that a Database is held could not be told');
  }
}
