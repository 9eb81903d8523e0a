import type { Destination } from '../database/destination.ts';
import { backupPath } from '../database/destination.ts';
import { fingerprint } from './fingerprint.ts';
import type { Model } from './model.ts';

function placeOf(destination: Destination, identity: Pick<Model, 'namespace' | 'name'>): string {
  if (destination.type === 'pvc') return 'volume';
  return JSON.stringify([
    destination.type,
    destination.endpoint ?? '',
    destination.bucket,
    backupPath(destination, identity),
  ]);
}

/** Sixteen hex digits that tell the repository of a Database from another that it had before, or gets later; empty without backups. */
export function repositoryFingerprint(model: Pick<Model, 'namespace' | 'name' | 'backup'>): string {
  return model.backup ? fingerprint(placeOf(model.backup.destination, model)) : '';
}
