import type { Database } from '../database/object.ts';
import { bucketOf } from './bucket.ts';
import { fingerprint } from './fingerprint.ts';
import type { BackupModel, Model } from './model.ts';
import { backupOf } from './model.ts';
import { names } from './names.ts';

type Place = Pick<Model, 'name' | 'namespace'> & { readonly backup?: Pick<BackupModel, 'destination'> };

/** Sixteen hex digits that name the place of a Database's backups: a list of backups of another place says nothing about this one. */
export function repositoryFingerprint({ name, namespace, backup }: Place): string | undefined {
  if (!backup) return undefined;
  const { destination } = backup;
  if (destination.type === 'pvc') return fingerprint(JSON.stringify(['pvc', names.backup(name)]));
  const { endpoint = '', bucket, path } = bucketOf(destination, namespace, name);
  return fingerprint(JSON.stringify(['s3', endpoint, bucket, path]));
}

/** The same for a Database that passed the rules; undefined while its backups are off. */
export function repositoryOf({ metadata, spec }: Database): string | undefined {
  const { name = '', namespace = '' } = metadata;
  const backup = backupOf(spec);
  return repositoryFingerprint({ name, namespace, ...(backup && { backup }) });
}
