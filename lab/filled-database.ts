import { applyDefaults } from '../database/defaults.ts';
import type { Database, DatabaseSpec } from '../database/object.ts';
import { databaseKind } from '../database/schema/database.ts';

/** The spec of a Database with its static defaults. */
const filledSpec = (written: object): DatabaseSpec => applyDefaults(databaseKind.spec, written) as DatabaseSpec;

/** A Database with its static defaults; `spec` as a user writes it. */
export function filledDatabase(metadata: Database['metadata'], spec: object): Database {
  return { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec: filledSpec(spec) };
}
