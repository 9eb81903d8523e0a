import type { Path } from '../../database/finding.ts';
import type { BallastObject } from '../../database/object.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A label of pgBackRest (20261120-020000F_20261121-020000I), or the name of a DatabaseBackup. */
const BACKUP = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/;

type Named = readonly [value: string | undefined, path: Path, form: RegExp];

function namesIn(object: BallastObject): Named[] {
  if (object.kind === 'Database') {
    const { backup, bootstrap } = object.spec;
    const restore = ['spec', 'bootstrap', 'restore'];
    const secret = typeof backup?.destination === 'object' ? backup.destination.s3?.credentialsSecret : undefined;
    return [
      [bootstrap?.restore?.from, [...restore, 'from'], NAME],
      [bootstrap?.restore?.backup, [...restore, 'backup'], BACKUP],
      [secret, ['spec', 'backup', 'destination', 's3', 'credentialsSecret'], NAME],
      [object.spec.storage.storageClassName, ['spec', 'storage', 'storageClassName'], NAME],
      [object.spec.priorityClassName, ['spec', 'priorityClassName'], NAME],
    ];
  }
  const database: Named = [object.spec.databaseRef.name, ['spec', 'databaseRef', 'name'], NAME];
  if (object.kind === 'DatabaseUser') {
    return [database, [object.spec.passwordSecretRef?.name, ['spec', 'passwordSecretRef', 'name'], NAME]];
  }
  if (object.kind === 'DatabaseBackup') return [database];
  const { backupRef, backup } = object.spec;
  return [database, [backupRef?.name, ['spec', 'backupRef', 'name'], NAME], [backup, ['spec', 'backup'], BACKUP]];
}

/** A name that points at something has the form of a name. */
export const referenceName = objectRule({
  id: 'reference-name',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'spec.databaseRef.name',
  severity: 'error',
  on: 'write',
  why: 'Nothing can have a name of another form, so the object would wait for ever; and names become arguments of programs.',
  remedy: 'write the name of the object in the same namespace, alone',
  allowed: [
    {
      spec: {
        bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders', backup: '20261120-020000F' } },
      },
    },
  ],
  denied: [
    { spec: { bootstrap: { restore: { from: 'shop/orders', destination: 's3://backups/orders' } } } },
    {
      spec: {
        bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders', backup: 'x --repo1-path=/' } },
      },
    },
    { spec: { storage: { size: '10Gi', storageClassName: 'Fast Disk' } } },
  ],
  check: (object) =>
    namesIn(object).flatMap(([value, path, form]): Found[] =>
      value === undefined || form.test(value) ? [] : [{ path, value, problem: 'must be a plain name' }],
    ),
});
