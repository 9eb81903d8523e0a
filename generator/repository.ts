import { backupPlace } from '../database/destination.ts';
import type { Database } from '../database/object.ts';
import { fingerprint } from './fingerprint.ts';
import type { BackupModel, Model } from './model.ts';
import { backupOf } from './model.ts';
import { names } from './names.ts';

type Place = Pick<Model, 'name' | 'namespace'> & { readonly backup?: Pick<BackupModel, 'destination'> };

/** Sixteen hex digits that name the place of a Database's backups: a list of backups of another place says nothing about this one. */
export function repositoryFingerprint({ name, namespace, backup }: Place): string | undefined {
  if (!backup) return undefined;
  const place = backupPlace(backup.destination, { namespace, name }) ?? `pvc ${names.backup(name)}`;
  return fingerprint(place);
}

/** The same for a Database that passed the rules; undefined while its backups are off. */
export function repositoryOf({ metadata, spec }: Database): string | undefined {
  const { name = '', namespace = '' } = metadata;
  const backup = backupOf(spec);
  return repositoryFingerprint({ name, namespace, ...(backup && { backup }) });
}
