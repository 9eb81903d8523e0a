const IN_A_NAMESPACE = 500;

/** Which Database it is. */
export interface Which {
  readonly namespace: string;
  readonly name: string;
}

/** The Database of this number. The name of the first stands nowhere by chance, so that it can be replaced in copies. */
export function which(index: number): Which {
  const name = index === 0 ? 'db-first' : `db-${index}`;
  return { namespace: `bench-${Math.floor(index / IN_A_NAMESPACE)}`, name };
}
