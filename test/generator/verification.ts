import fc from 'fast-check';

/** Settings of the regular proof of backups, with queries that hold these texts. */
export function verification(texts: readonly string[]): fc.Arbitrary<unknown> {
  const gate = fc.record(
    {
      before: fc.uniqueArray(fc.constantFrom('Deletion', 'DestinationChange'), { minLength: 1 }),
      maxAge: fc.constantFrom(7, '30d'),
    },
    { requiredKeys: ['before'] },
  );
  const query = fc.constantFrom(...texts).map((text) => `SELECT '${text}' <> ''`);
  return fc.record(
    { schedule: fc.constantFrom('30 4 * * SUN', '@weekly'), sql: fc.array(query, { maxLength: 3 }), gate },
    { requiredKeys: ['schedule'] },
  );
}
