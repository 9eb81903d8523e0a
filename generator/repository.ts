import { bucketOf } from './bucket.ts';
import { fingerprint } from './fingerprint.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';

/** Sixteen hex digits that name the place of a Database's backups: a list of backups of another place says nothing about this one. */
export function repositoryFingerprint({ name, namespace, backup }: Model): string | undefined {
  if (!backup) return undefined;
  const { destination } = backup;
  if (destination.type === 'pvc') return fingerprint(JSON.stringify(['pvc', names.backup(name)]));
  const { endpoint = '', bucket, path } = bucketOf(destination, namespace, name);
  return fingerprint(JSON.stringify(['s3', endpoint, bucket, path]));
}
