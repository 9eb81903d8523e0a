import { OWNER, ROTATED } from '../../../database/vocabulary.ts';
import { modelOf } from '../../../generator/model.ts';
import { names } from '../../../generator/names.ts';
import { hasBackupKey } from '../../credentials/backup-key.ts';
import { certificateIn } from '../../credentials/certificate.ts';
import type { CertificateTarget } from '../../credentials/hosts.ts';
import type { PasswordState } from '../../credentials/rotation.ts';
import { systemPasswordsSince } from '../../credentials/rotation.ts';
import type { Account, SecretWrite, SecretContents } from '../../credentials/secret.ts';
import { ACCOUNTS, manifestOf, patchOf, readSecret, secretNames, secretOf } from '../../credentials/secret.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../resources.ts';
import type { CredentialsSeen, SecretSeen } from '../observation.ts';
import { markOf } from '../observe/first-contact.ts';
import { withoutAbsent } from '../../cluster/json-path.ts';
import type { ActionContext } from './action.ts';
import { identityOf, inNamespace } from './action.ts';

/** A Secret with its version. */
export type SecretWithVersion = SecretContents & SecretSeen;

/** The existing Secrets of a Database, by full name. */
export type Secrets = ReadonlyMap<string, SecretWithVersion>;

function known(object: KubernetesObject): SecretWithVersion {
  const mark = markOf(object.metadata);
  return { ...readSecret(object), uid: object.metadata.uid ?? '', ...withoutAbsent({ mark }) };
}

/** The Database that credentials are made for, known also while it violates rules. */
export function targetIn(acting: ActionContext): CertificateTarget {
  const { seen, looking } = acting;
  return { ...identityOf(acting), engine: seen.own.database.spec.engine, settings: looking.settings };
}

/** Reads one Secret of the Database; undefined when absent. */
export async function readOne(acting: ActionContext, name: string): Promise<SecretWithVersion | undefined> {
  const object = await acting.api.get(RESOURCES.Secret, inNamespace(acting, name));
  return object && known(object);
}

/** Reads all Secrets of the Database, one by one: the controller has no right to list Secrets. */
export async function readAll(acting: ActionContext): Promise<Secrets> {
  const { name: database } = identityOf(acting);
  const key = hasBackupKey(acting.seen.own.database) ? [names.backupKeySecret(database)] : [];
  const all = [...secretNames(database), ...key];
  const read = await Promise.all(all.map(async (name) => [name, await readOne(acting, name)] as const));
  return new Map(read.filter((entry): entry is [string, SecretWithVersion] => entry[1] !== undefined));
}

/** The existing Secrets of the accounts. */
export function accountsIn(secrets: Secrets, name: string): PasswordState['secrets'] {
  const accounts = ACCOUNTS.map((account): [Account, SecretContents | undefined] => [
    account,
    secrets.get(secretOf(account, name)),
  ]);
  return Object.fromEntries(accounts.filter(([, secret]) => secret !== undefined));
}

/** Writes one Secret, and returns its new state. */
export async function writeSecret(
  acting: ActionContext,
  write: SecretWrite,
): Promise<readonly [string, SecretWithVersion]> {
  const { api } = acting;
  if (write.verb === 'create') {
    // A manifest has the fields of an object.
    const model = modelOf(acting.seen.own.database, acting.looking.settings);
    const { annotations } = write.secret;
    const secret = { ...write.secret, annotations: { ...annotations, [OWNER]: acting.seen.own.uid } };
    const object = manifestOf(model, secret) as unknown as KubernetesObject;
    return [write.secret.name, known(await api.create(RESOURCES.Secret, object))];
  }
  const { change, resourceVersion } = write;
  const patch = { type: 'merge', body: patchOf(change, resourceVersion) } as const;
  return [change.name, known(await api.patch(RESOURCES.Secret, inNamespace(acting, change.name), patch))];
}

const DAY_MS = 86_400_000;

/**
 * When to look at the certificates again, as far as the pair tells: after two thirds of its lifetime, and each day for a next authority.
 * A user-supplied pair is checked at first, and then when it can have become a problem.
 */
function renewalOf(pair: SecretContents | undefined, now: Date): Date | undefined {
  if (!pair) return undefined;
  if (!pair.ours) return now;
  const certificate = certificateIn(pair.data);
  if (!certificate) return now;
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  return new Date(Math.min(from + ((to - from) * 2) / 3, now.getTime() + DAY_MS));
}

/** The remembered facts about the Secrets, without secret data. */
export function factsOf(secrets: Secrets, name: string, now: Date): CredentialsSeen {
  const { appSecret, superuserSecret, tlsSecret } = names;
  const versions = [...secrets].map(([secret, { uid, resourceVersion, mark }]): [string, SecretSeen] => [
    secret,
    { uid, resourceVersion, ...withoutAbsent({ mark }) },
  ]);
  return {
    present: new Map(versions),
    readAt: now,
    inForce: false,
    ...withoutAbsent({
      renewAt: renewalOf(secrets.get(tlsSecret(name)), now),
      rotation: secrets.get(appSecret(name))?.annotations[ROTATED],
      systemRotation: secrets.get(superuserSecret(name))?.annotations[ROTATED],
      membersSince: systemPasswordsSince(accountsIn(secrets, name), now),
    }),
  };
}
