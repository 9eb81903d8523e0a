import { identityKey } from '../../database/object.ts';
import { quantityOf } from '../../database/resolve.ts';
import { compareQuantities } from '../../database/values/quantity.ts';
import type { Found, TreeRule } from '../rule.ts';
import type { DatabaseSummary, Summary } from '../summary.ts';
import { familyName } from '../summary.ts';

const BUCKET = 's3://acme/shop/orders';
const source = (spec: object = {}): object => ({
  metadata: { name: 'orders' },
  spec: { backup: { destination: BUCKET }, ...spec },
});
const copy = (restore: object, spec: object = {}): object => ({
  metadata: { name: 'copy' },
  spec: { ...spec, bootstrap: { restore: { from: 'orders', ...restore } } },
});

const ENCRYPTED = { backup: { destination: BUCKET, encryption: { enabled: true } } };

const RESTORE = ['spec', 'bootstrap', 'restore'];

/** A copy, and the Database that it starts from. */
interface Pair {
  readonly own: DatabaseSummary & Required<Pick<DatabaseSummary, 'restore'>>;
  readonly isNew: boolean;
  readonly from: DatabaseSummary;
  readonly repository: string | undefined;
  readonly name: string;
}

function wrongPlace({ own: { restore }, repository, name }: Pair): Found[] {
  // bootstrap-restore-volume refuses a volume, or the volume is the Database's own.
  if (restore.place === undefined) return [];
  if (repository === undefined) {
    const problem = `begins with a backup of Database ${name}, which keeps none in a bucket`;
    return [{ path: [...RESTORE, 'from'], value: name, problem, remedy: `let ${name} back up to a bucket first` }];
  }
  if (restore.place === repository) return [];
  const problem = `reads ${restore.place}, while Database ${name} backs up to ${repository}`;
  return [{ path: RESTORE, problem, remedy: `set destination to ${repository}` }];
}

function wrongKey({ own: { restore }, from, name }: Pair): Found[] {
  if (restore.place === undefined || restore.hasKey === from.isEncrypted) return [];
  const path = [...RESTORE, 'encryptionSecret'];
  if (!from.isEncrypted) {
    return [{ path, problem: `names a passphrase, while the backups of Database ${name} are not encrypted` }];
  }
  const problem = `must name the passphrase: the backups of Database ${name} are encrypted`;
  return [{ path, problem, remedy: `set encryptionSecret to ${name}-backup-key, or to a copy of it` }];
}

function wrongVersion({ own, from, name, isNew }: Pair): Found[] {
  const path = ['spec', 'version'];
  if (own.engine !== from.engine) return [{ path: RESTORE, problem: `begins with data of ${from.engine}` }];
  if (own.series === undefined || from.series === undefined || own.series === from.series) return [];
  const isLater = Number(own.series) > Number(from.series);
  // An earlier backup of the source may have the requested version.
  if (!isLater && own.restore.isNamed) return [];
  const problem = `must be ${from.series}, as in Database ${name}: no other major version starts on its files`;
  const remedy = `make the copy with version ${from.series}`;
  return [{ path, value: own.series, problem, remedy, ...(isLater && isNew && { severity: 'error' }) }];
}

function smallStorage({ own, from, name }: Pair): Found[] {
  const [size, needed] = [quantityOf(own.storage), quantityOf(from.storage)];
  if (!size || !needed || compareQuantities(size, needed) >= 0) return [];
  const problem = `is less than the ${from.storage} of Database ${name}, whose files must fit`;
  const remedy = 'give the copy as much, unless the data are known to be small';
  return [{ path: ['spec', 'storage', 'size'], value: own.storage, problem, remedy }];
}

/** A restore in place must use a backup of its own Database. */
function wrongBackup(restore: Summary, byKey: ReadonlyMap<string, Summary>): Found[] {
  const { namespace, references } = restore;
  const backup = references.find(({ kind }) => kind === 'DatabaseBackup');
  const named = backup && byKey.get(identityKey({ ...backup, namespace }));
  if (!named) return [];
  const [own, other] = [familyName(restore), familyName(named)];
  if (own === undefined || other === undefined || own === other) return [];
  const problem = `is a backup of Database ${other}, not of ${own}`;
  return [{ path: backup.path, value: backup.name, problem, remedy: `name a backup of ${own}` }];
}

/** Requires that a database which starts from another's backup agrees with the known facts about the other. */
export const restoreSourceAgrees: TreeRule = {
  id: 'restore-source-agrees',
  path: 'spec.bootstrap.restore',
  severity: 'warning',
  why: 'What the source says of itself tells whether its backup can be found, started and held. A copy reads it once, when it is made; of one that runs already this says nothing, and a comparison with a revision leaves it out. For a copy that such a comparison shows to be new, a later major version is an error.',
  remedy: 'correct the copy before it is made',
  allowed: [
    [source(), copy({ destination: BUCKET })],
    [source(), copy({}, { backup: { destination: 's3://acme' } })],
    [source({ version: 17 }), copy({ destination: BUCKET, backup: '20251120-020000F' }, { version: 16 })],
    [copy({ destination: 's3://elsewhere/orders' })],
    [source(ENCRYPTED), copy({ destination: BUCKET, encryptionSecret: 'orders-backup-key' })],
  ],
  denied: [
    [source(), copy({ destination: 's3://acme/orders' })],
    [source(), copy({}, { backup: { destination: 's3://other/copy' } })],
    [source(ENCRYPTED), copy({ destination: BUCKET })],
    [source(), copy({ destination: BUCKET, encryptionSecret: 'orders-backup-key' })],
    [source({ backup: { destination: 'pvc://' } }), copy({ destination: BUCKET })],
    [source({ version: 16 }), copy({ destination: BUCKET }, { version: 17 })],
    [source({ version: 17 }), copy({ destination: BUCKET }, { version: 16 })],
    [source({ storage: { size: '100Gi' } }), copy({ destination: BUCKET }, { storage: { size: '10Gi' } })],
    [
      { kind: 'DatabaseBackup', metadata: { name: 'nightly' }, spec: { databaseRef: { name: 'billing' } } },
      { kind: 'DatabaseRestore' },
    ],
  ],
  check: (tree) => {
    const byKey = new Map(tree.map((one) => [identityKey(one), one]));
    return tree.flatMap((of) => {
      const { database: own, namespace, isNew } = of;
      const restore = own?.restore;
      const found = wrongBackup(of, byKey);
      const other = restore && byKey.get(identityKey({ kind: 'Database', namespace, name: restore.from }));
      if (own && restore && other?.database && other !== of && isNew !== false) {
        const { database: from, name, repository } = other;
        const pair: Pair = { own: { ...own, restore }, isNew: isNew === true, from, name, repository };
        found.push(...wrongPlace(pair), ...wrongKey(pair), ...wrongVersion(pair), ...smallStorage(pair));
      }
      return found.map((one) => ({ of, found: one }));
    });
  },
};
