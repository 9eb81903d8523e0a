import { API_VERSION } from '../../database/schema/common.ts';
import type { Api } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { EventRecorder, EventSubject } from '../../kubernetes/events.ts';
import type { Log } from '../../kubernetes/log.ts';
import { bugOf } from '../../kubernetes/log.ts';
import { RESOURCES } from '../resources.ts';
import type { DatabaseProjection } from '../cluster/database.ts';
import { eventsOfStatus } from './event-messages.ts';
import { statusPatch } from './status-patch.ts';
import type { Hold } from './status/hold.ts';
import { heldStatus } from './status/hold.ts';

/** What telling that a Database is held works with. */
export interface HoldReportOptions {
  readonly api: Pick<Api, 'patch'>;
  readonly clock: Pick<Clock, 'date'>;
  readonly log: Log;
  readonly recorder: Pick<EventRecorder, 'record'>;
}

/** The Database as events name it. */
export function subjectOf({ namespace, name, uid }: DatabaseProjection): EventSubject {
  return { apiVersion: API_VERSION, kind: RESOURCES.Database.kind, namespace, name, uid };
}

/** Tells in the status that nothing is done about a Database, and why; never rejected. */
export async function reportHold(kept: DatabaseProjection, held: Hold, telling: HoldReportOptions): Promise<void> {
  const { api, clock, log, recorder } = telling;
  const { namespace, name, generation, resourceVersion, status: before } = kept;
  try {
    const after = heldStatus(before, { held, generation, now: clock.date() });
    const patch = statusPatch(before, after);
    if (!patch) return;
    const body = { metadata: { resourceVersion }, status: patch };
    await api.patch(RESOURCES.Database, { namespace, name, subresource: 'status' }, { type: 'merge', body });
    for (const occurrence of eventsOfStatus(before, after)) recorder.record(subjectOf(kept), occurrence);
  } catch (error) {
    log.warn({ database: kept.owner, ...bugOf(error) }, 'that a Database is held could not be told');
  }
}
