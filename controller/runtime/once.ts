/** Memoizes a pure function of an observation for the duration of a look: several concerns and the status call it. */
export function oncePerLook<Seen extends object, T>(work: (seen: Seen) => T): (seen: Seen) => T {
  const known = new WeakMap<Seen, { readonly result: T }>();
  return (seen) => {
    const before = known.get(seen);
    if (before) return before.result;
    const result = work(seen);
    known.set(seen, { result });
    return result;
  };
}

/** The same for a function that also takes the time: one look has one time. */
export function oncePerMoment<Seen extends object, T>(
  work: (seen: Seen, now: Date) => T,
): (seen: Seen, now: Date) => T {
  const known = new WeakMap<Seen, { readonly now: number; readonly result: T }>();
  return (seen, now) => {
    const before = known.get(seen);
    if (before?.now === now.getTime()) return before.result;
    const result = work(seen, now);
    known.set(seen, { now: now.getTime(), result });
    return result;
  };
}
