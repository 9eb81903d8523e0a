import { keyOf } from '../../../kubernetes/objects.ts';
import type { Kind } from './kinds.ts';
import type { Entry, Storage } from './storage.ts';

const COLLECTOR = { part: 'main', manager: 'garbage-collector' } as const;

/** Deletes the dependents of a deleted object, or removes it from their lists of owners, as Kubernetes' garbage collector does. */
export function collectGarbage(storage: Storage, kinds: readonly Kind[], { before }: Entry): void {
  const uid = before?.metadata.uid ?? '';
  for (const { kind, object } of storage.dependents(uid, kinds)) {
    const others = object.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
    const key = keyOf(object.metadata);
    if (others.length === 0 && storage.propagationOf(uid) !== 'Orphan') {
      storage.delete(kind, key, {});
      continue;
    }
    const disowned = (old: typeof object): typeof object => ({
      ...old,
      metadata: { ...old.metadata, ownerReferences: others },
    });
    storage.update(kind, key, disowned, COLLECTOR);
  }
}
