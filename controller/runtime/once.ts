import type { Observation } from '../databases/observation.ts';

/** The same pure function of an observation, worked out once for each: several concerns and the status ask. */
export function oncePerLook<T>(work: (seen: Observation) => T): (seen: Observation) => T {
  const known = new WeakMap<Observation, { readonly result: T }>();
  return (seen) => {
    const before = known.get(seen);
    if (before) return before.result;
    const result = work(seen);
    known.set(seen, { result });
    return result;
  };
}

/** The same of a function that also asks for the time: one look has one. */
export function oncePerMoment<T>(work: (seen: Observation, now: Date) => T): (seen: Observation, now: Date) => T {
  const known = new WeakMap<Observation, { readonly now: number; readonly result: T }>();
  return (seen, now) => {
    const before = known.get(seen);
    if (before?.now === now.getTime()) return before.result;
    const result = work(seen, now);
    known.set(seen, { now: now.getTime(), result });
    return result;
  };
}
