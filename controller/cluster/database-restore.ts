import { applyDefaults } from '../../database/defaults.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import { restoreKind } from '../../database/schema/operations.ts';
import { sortedJson } from '../../database/sorted-json.ts';
import type { DatabaseRestore, DatabaseRestoreStatus } from '../../database/types.ts';
import { fingerprint } from '../../generator/fingerprint.ts';
import { checkValue } from '../../policies/check.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { RestoreOfDatabase } from '../databases/observed-backups.ts';
import { hasEnded } from '../databases/state/restores.ts';
import { problemsIn, storedStatus } from './database.ts';
import type { DependentProjection } from './dependent.ts';
import { dependentProjectionOf, specOf } from './dependent.ts';
import { withoutAbsent } from './json-path.ts';

/** The stored part of a DatabaseRestore. */
export interface DatabaseRestoreProjection extends DependentProjection {
  /** As the API server returns it; absent when it is too large to be one that means anything. */
  readonly spec?: unknown;
  readonly status?: DatabaseRestoreStatus;
}

/** Projects a DatabaseRestore to the part that decisions read. */
export function projectDatabaseRestore(raw: KubernetesObject): DatabaseRestoreProjection | undefined {
  const kept = dependentProjectionOf(raw);
  return kept && { ...kept, ...withoutAbsent({ spec: specOf(raw), status: storedStatus(raw) }) };
}

function problemsOf({ name, namespace, spec }: DatabaseRestoreProjection, now: Date): string[] {
  if (spec === undefined) return ['spec: is larger than what the controller reads'];
  const value = { apiVersion: API_VERSION, kind: restoreKind.kind, metadata: { name, namespace }, spec };
  return problemsIn(checkValue(value, { namespace, now, before: (object) => object }));
}

/** A DatabaseRestore as decisions about its Database read it. */
export function restoreOfDatabase(kept: DatabaseRestoreProjection, now: Date): RestoreOfDatabase {
  const { name, uid, resourceVersion, generation, createdAt, deleting, status } = kept;
  const spec = applyDefaults(restoreKind.spec, kept.spec ?? {}) as DatabaseRestore['spec'];
  const stored = withoutAbsent({ status });
  return {
    ...{ name, uid, resourceVersion, generation, deleting, spec },
    createdAt: new Date(createdAt),
    id: fingerprint(sortedJson({ name, spec })),
    problems: hasEnded(stored) ? [] : problemsOf(kept, now),
    ...stored,
  };
}

/** The DatabaseRestores of a Database in the order in which they are made. */
export function restoresOf(all: readonly DatabaseRestoreProjection[], now: Date): RestoreOfDatabase[] {
  const inOrder = [...all].sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
  return inOrder.map((kept) => restoreOfDatabase(kept, now));
}
