const IN_A_NAMESPACE = 500;

/** Namespace and name of a Database. */
export interface Which {
  readonly namespace: string;
  readonly name: string;
}

/** The Database of this number. The name of the first occurs in no other text, so that copies can replace it. */
export function which(index: number): Which {
  const name = index === 0 ? 'db-first' : `db-${index}`;
  return { namespace: `bench-${Math.floor(index / IN_A_NAMESPACE)}`, name };
}
