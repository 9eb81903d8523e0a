import { X509Certificate } from 'node:crypto';
import { engineOf } from '../../database/resolve.ts';
import { KEYS } from '../../certificates/stored.ts';
import { modelOf } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';
import { IN_FORCE, ROTATED } from '../credentials/annotations.ts';
import type { CertificateTarget } from '../credentials/hosts.ts';
import type { SecretWrite, SeenSecret } from '../credentials/secret.ts';
import { manifestOf, patchOf, readSecret, secretNames } from '../credentials/secret.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import type { CredentialsSeen, ObjectVersion } from '../observation.ts';
import { dateAt, present } from '../observe/raw.ts';
import type { Acting } from './acting.ts';
import { identityOf, inNamespace } from './acting.ts';

/** A Secret, and which one it was. */
export type KnownSecret = SeenSecret & { readonly uid: string };

/** The Secrets of a Database that exist, by full name. */
export type Secrets = ReadonlyMap<string, KnownSecret>;

function known(object: KubernetesObject): KnownSecret {
  return { ...readSecret(object), uid: object.metadata.uid ?? '' };
}

/** Whom credentials are made for. It is known also of a Database that breaks rules. */
export function targetIn(acting: Acting): CertificateTarget {
  const { seen, looking } = acting;
  return { ...identityOf(acting), engine: engineOf(seen.own.database.spec), settings: looking.settings };
}

/** Reads one Secret of the Database; undefined when it is not there. */
export async function readOne(acting: Acting, name: string): Promise<KnownSecret | undefined> {
  const object = await acting.api.get(RESOURCES.Secret, inNamespace(acting, name));
  return object && known(object);
}

/** Reads all Secrets of the Database, one by one: nobody may list Secrets. */
export async function readAll(acting: Acting): Promise<Secrets> {
  const all = secretNames(identityOf(acting).name);
  const read = await Promise.all(all.map(async (name) => [name, await readOne(acting, name)] as const));
  return new Map(read.filter((entry): entry is [string, KnownSecret] => entry[1] !== undefined));
}

/** Writes one Secret, and gives it as it then is. */
export async function writeSecret(acting: Acting, write: SecretWrite): Promise<readonly [string, KnownSecret]> {
  const { api } = acting;
  if (write.verb === 'create') {
    // A manifest's fields are those of an object.
    const model = modelOf(acting.seen.own.database, acting.looking.settings);
    const object = manifestOf(model, write.secret) as unknown as KubernetesObject;
    return [write.secret.name, known(await api.create(RESOURCES.Secret, object))];
  }
  const { change, resourceVersion } = write;
  const patch = { type: 'merge', body: patchOf(change, resourceVersion) } as const;
  return [change.name, known(await api.patch(RESOURCES.Secret, inNamespace(acting, change.name), patch))];
}

const DAY_MS = 86_400_000;

/** When the certificates are to be looked at again: at two thirds of their life, and each day for a next authority. */
function renewalOf(pair: SeenSecret | undefined, now: Date): Date | undefined {
  if (!pair) return undefined;
  try {
    const { validFromDate, validToDate } = new X509Certificate(pair.data[KEYS.certificate]?.reveal() ?? '');
    const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
    return new Date(Math.min(from + ((to - from) * 2) / 3, now.getTime() + DAY_MS));
  } catch {
    // No certificate: it is time.
    return now;
  }
}

/** Since when the passwords of the system that stand in the Secrets are in force; undefined when they never changed. */
function membersSince(secrets: Secrets, name: string): Date | undefined {
  const dates = [names.superuserSecret(name), names.replicationSecret(name)].flatMap((secret) => {
    const since = dateAt(secrets.get(secret)?.annotations, IN_FORCE);
    return since ? [since] : [];
  });
  return dates.toSorted((a, b) => b.getTime() - a.getTime())[0];
}

/** What is remembered of the Secrets: nothing that is secret. */
export function factsOf(secrets: Secrets, name: string, now: Date): CredentialsSeen {
  const { appSecret, superuserSecret, tlsSecret } = names;
  const versions = [...secrets].map(([secret, { uid, resourceVersion }]): [string, ObjectVersion] => [
    secret,
    { uid, resourceVersion },
  ]);
  return {
    present: new Map(versions),
    inForce: false,
    ...present({
      renewAt: renewalOf(secrets.get(tlsSecret(name)), now),
      rotation: secrets.get(appSecret(name))?.annotations[ROTATED],
      systemRotation: secrets.get(superuserSecret(name))?.annotations[ROTATED],
      membersSince: membersSince(secrets, name),
    }),
  };
}
