import type { DatabaseStatus } from '../../../database/types.ts';
import type { Condition } from './conditions.ts';
import { moment } from './conditions.ts';

/** Why nothing is done about a Database, although something may be. */
export interface Hold {
  readonly reason: 'InternalError' | 'BeyondShare';
  readonly message: string;
}

/** What a Database says at which the controller itself fails. What went wrong is in the log, and nowhere else. */
export function internalError(owner: string): Hold {
  const message = `the controller failed at this Database with an error of its own, and does nothing about it until that is mended; other Databases are not affected. Its log tells more where it names ${owner}: report that; taking back the last change to this Database may help`;
  return { reason: 'InternalError', message };
}

/** What a Database says of which nothing is kept. */
export function beyondShare(namespace: string): Hold {
  const message = `the namespace ${namespace} holds more than its share of the controller's memory, and nothing is done about this Database; take away Databases and labelled objects that nobody needs, or give the controller more memory`;
  return { reason: 'BeyondShare', message };
}

/** The stored status with nothing changed but that the Database is held; what else it says was true when it was written. */
export function heldStatus(
  before: DatabaseStatus | undefined,
  { held: { reason, message }, generation, now }: { held: Hold; generation: number; now: Date },
): DatabaseStatus {
  const stored = before?.conditions ?? [];
  const turned = (type: string, said: Pick<Condition, 'status' | 'reason' | 'message'>): Condition => {
    const old = stored.find((condition) => condition.type === type);
    const since = old?.status === said.status ? old.lastTransitionTime : moment(now);
    return { type, ...said, lastTransitionTime: since, observedGeneration: generation };
  };
  const held = [
    turned('Stalled', { status: 'True', reason, message }),
    turned('Reconciling', { status: 'False', reason: 'Stalled', message: 'a person has to do something first' }),
  ];
  const kept = stored.map((condition) => held.find(({ type }) => type === condition.type) ?? condition);
  const added = held.filter(({ type }) => !stored.some((condition) => condition.type === type));
  return { ...before, conditions: [...kept, ...added] };
}
