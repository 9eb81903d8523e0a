import type { Api } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { EventRecorder, Occurrence } from '../../kubernetes/events.ts';
import type { Log } from '../../kubernetes/log.ts';
import { bugOf } from '../../kubernetes/log.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import { isNewer } from '../../kubernetes/objects.ts';
import type { Hold } from './hold.ts';
import { heldStatus } from './hold.ts';
import type { StepEffect } from './progress.ts';
import type { StoredObject } from './reconciler.ts';
import { eventSubject } from './reconciler.ts';
import { statusPatch } from './status-patch.ts';

/** Dependencies of a status writer. */
export interface StatusWriterOptions {
  readonly api: Pick<Api, 'patch'>;
  readonly clock: Pick<Clock, 'date'>;
  readonly log: Log;
  readonly recorder: Pick<EventRecorder, 'record'>;
}

/** The parts of a kind that the writer needs. */
export interface StatusKind<Status extends object> {
  readonly resource: Resource;
  readonly eventsOfStatus: (before: object | undefined, after: Status) => Occurrence[];
  readonly versionOf: (key: string) => string | undefined;
}

/** A written status: the version of the object after the write, and when the watches show it. */
export interface WrittenStatus extends Pick<StepEffect, 'isSeen'> {
  readonly resourceVersion: string;
}

/** Writes statuses of objects of one kind, with the events for their changes. */
export class StatusWriter<Status extends object> {
  readonly #kind: StatusKind<Status>;
  readonly #options: StatusWriterOptions;

  constructor(kind: StatusKind<Status>, options: StatusWriterOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  /**
   * Writes a status at the version that it was computed from, so that no other note in it is reverted; undefined when it is stored
   * already. Rejects with an ApiError.
   */
  async write(object: StoredObject, status: Status): Promise<WrittenStatus | undefined> {
    const { api, recorder } = this.#options;
    const { resource, eventsOfStatus, versionOf } = this.#kind;
    const { key, namespace, name, resourceVersion } = object;
    const patch = statusPatch(object.status, status);
    if (!patch) return undefined;
    const body = { metadata: { resourceVersion }, status: patch };
    const written = await api.patch(resource, { namespace, name, subresource: 'status' }, { type: 'merge', body });
    const subject = eventSubject(resource, object);
    for (const occurrence of eventsOfStatus(object.status, status)) recorder.record(subject, occurrence);
    const version = written.metadata.resourceVersion ?? '';
    const isSeen = (): boolean => {
      const shown = versionOf(key);
      return shown !== undefined && !isNewer(version, shown);
    };
    return { resourceVersion: version, isSeen };
  }

  /** Reports in the status why the controller does nothing about an object; never rejects. */
  async writeHold(object: StoredObject, hold: Hold): Promise<void> {
    const { clock, log } = this.#options;
    const { generation, status: before } = object;
    try {
      // Only conditions differ from the stored status.
      await this.write(object, heldStatus(before, { hold, generation, now: clock.date() }) as Status);
    } catch (error) {
      const { kind } = this.#kind.resource;
      log.warn({ [kind.toLowerCase()]: object.key, ...bugOf(error) }, `that a ${kind} is held could not be told`);
    }
  }
}
