/** Why nothing is done about an object, although something may be. */
export interface Hold {
  readonly reason: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** A time as statuses write it, in whole seconds. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The hold of an object at which the controller itself fails. What went wrong is in the log, and nowhere else. */
export function internalError(kind: string, key: string): Hold {
  const message = `the controller failed at this ${kind} with an error of its own, and does nothing about it until that is mended; other ${kind}s are not affected. Its log tells more where it names ${key}: report that; taking back the last change to this ${kind} may help`;
  return { reason: 'InternalError', message };
}

/** The stored status with nothing changed but that the object is held; what else it says was true when it was written. */
export function heldStatus(
  before: object | undefined,
  { hold: { reason, message }, generation, now }: { hold: Hold; generation: number; now: Date },
): object {
  const stored = (before as { readonly conditions?: readonly Condition[] } | undefined)?.conditions ?? [];
  const turned = (type: string, value: Pick<Condition, 'status' | 'reason' | 'message'>): Condition => {
    const old = stored.find((condition) => condition.type === type);
    const since = old?.status === value.status ? old.lastTransitionTime : undefined;
    return { type, ...value, lastTransitionTime: since ?? moment(now), observedGeneration: generation };
  };
  const held = [
    turned('Stalled', { status: 'True', reason, message }),
    turned('Reconciling', { status: 'False', reason: 'Stalled', message: 'a person has to do something first' }),
  ];
  const others = stored.map((condition) => held.find(({ type }) => type === condition.type) ?? condition);
  const added = held.filter(({ type }) => !stored.some((condition) => condition.type === type));
  return { ...before, conditions: [...others, ...added] };
}
