import type { Destination } from '../../database/destination.ts';
import { bucketIn } from '../../database/destination.ts';
import { bucketKeys } from '../bucket.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import type { Variable } from '../pod.ts';
import { fromSecret } from '../pod.ts';

const PREFIX = 'PGBACKREST_';

/** The variables in which pgBackRest reads the keys of buckets. */
const KEYS = {
  s3: { id: `${PREFIX}REPO1_S3_KEY`, secret: `${PREFIX}REPO1_S3_KEY_SECRET` },
  azure: `${PREFIX}REPO1_AZURE_KEY`,
} as const;

function passphrase(secret: string): Variable {
  return fromSecret(`${PREFIX}REPO1_CIPHER_PASS`, secret, 'passphrase');
}

/** A repository that the data begin with, as far as keys go. */
interface Source {
  readonly destination?: Destination;
  readonly encryptionSecret?: string;
}

/** What opens the repository of a Database's own backups, for the programs that work on it directly. */
export function ownKeys({ name, backup }: Model): Variable[] {
  if (!backup) return [];
  const keys = bucketKeys(backup.destination, KEYS);
  return backup.isEncrypted ? [...keys, passphrase(names.backupKeySecret(name))] : keys;
}

/** A backup volume is opened by its host alone, which gives members what they need of it. */
function isOpenedByMembers(destination: Destination | undefined): boolean {
  return bucketIn(destination) !== undefined;
}

function sourceKeys({ destination, encryptionSecret }: Source): Variable[] {
  if (!isOpenedByMembers(destination)) return [];
  const keys = bucketKeys(destination, KEYS);
  return encryptionSecret === undefined ? keys : [...keys, passphrase(encryptionSecret)];
}

/** The name under which a pod has a key of the source, beside one of its own that pgBackRest reads from the same variable. */
function aliasOf(name: string): string {
  return name.replace(PREFIX, 'SOURCE_');
}

const isSame = (one: Variable, other: Variable): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The keys in the environment of members: of their own backups, and of the backup that the data begin with. */
interface MemberKeys {
  readonly environment: readonly Variable[];
  /** Variables of which pgBackRest must be given the source's value. */
  readonly replaced: readonly string[];
}

/** The keys of a member. Of two with one name, that of the source has another name in the pod. */
export function memberKeys(model: Model, from: Source = {}): MemberKeys {
  const own = isOpenedByMembers(model.backup?.destination) ? ownKeys(model) : [];
  const source = sourceKeys(from).filter((key) => !own.some((one) => isSame(one, key)));
  const replaced = source.map(({ name }) => name).filter((key) => own.some(({ name }) => name === key));
  const others = source.map((key) => (replaced.includes(key.name) ? { ...key, name: aliasOf(key.name) } : key));
  return { environment: [...own, ...others], replaced };
}

/** Assignments before a command of a shell that give pgBackRest the source's keys; empty where it has no need of them. */
export function sourceAssignments(model: Model, from: Source): string {
  return memberKeys(model, from)
    .replaced.map((name) => `${name}="$${aliasOf(name)}"`)
    .join(' ');
}
