/** Why the controller does nothing about an object. */
export interface Hold {
  readonly reason: string;
  /** The problem and its remedy. */
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

/** The hold after a bug in the controller. Only the log describes the bug. */
export function internalError(kind: string, key: string): Hold {
  const message = `the controller failed at this ${kind} with an error of its own, and does nothing about it until that is mended; other ${kind}s are not affected. Its log tells more where it names ${key}: report that; taking back the last change to this ${kind} may help`;
  return { reason: 'InternalError', message };
}

/** The stored status with only the hold changed; its other parts were true when they were written. */
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
