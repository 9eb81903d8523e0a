import type { Path } from './finding.ts';

interface Branch<T> {
  readonly inner: Map<string | number, Branch<T>>;
  value?: T;
}

/** Values by path. A lookup costs the length of the path, whatever the number of values. */
export class PathMap<T> {
  readonly #root: Branch<T> = { inner: new Map() };

  /** Stores a value at a path; the first one stays. */
  add(path: Path, value: T): void {
    let branch = this.#root;
    for (const part of path) {
      const known = branch.inner.get(part);
      const next = known ?? { inner: new Map() };
      if (!known) branch.inner.set(part, next);
      branch = next;
    }
    branch.value ??= value;
  }

  /** The value of the shortest path at or above a place. */
  above(place: Path): T | undefined {
    let branch = this.#root;
    for (const part of place) {
      if (branch.value !== undefined) return branch.value;
      const next = branch.inner.get(part);
      if (!next) return undefined;
      branch = next;
    }
    return branch.value;
  }
}

/** The findings whose place is not at or below one of the paths. */
export function outside<T extends { readonly path: Path }>(
  findings: readonly T[],
  paths: readonly Path[],
): readonly T[] {
  if (paths.length === 0) return findings;
  const known = new PathMap<true>();
  for (const path of paths) known.add(path, true);
  return findings.filter(({ path }) => known.above(path) === undefined);
}
