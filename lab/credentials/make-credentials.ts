import { makeKeys } from '../../certificates/keys.ts';
import { decideCertificates } from '../../controller/credentials/certificate.ts';
import { makePassword } from '../../controller/credentials/password.ts';
import { decidePasswords } from '../../controller/credentials/rotation.ts';
import type { SecretWrite } from '../../controller/credentials/secret.ts';
import { ACCOUNTS, secretOf } from '../../controller/credentials/secret.ts';
import type { Json } from '../../database/json.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Model } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';
import { StoredSecrets, VERSIONS, modelFor } from './stored-secrets.ts';

/** The next Secret that the controller would create; undefined when all exist. */
async function nextCreation(model: Model, stored: StoredSecrets, now: Date): Promise<SecretWrite | undefined> {
  const { name } = model;
  const secrets = Object.fromEntries(ACCOUNTS.map((account) => [account, stored.get(secretOf(account, name))]));
  const passwords = decidePasswords({ target: model, annotations: {}, secrets, primary: undefined }, now, makePassword);
  if (passwords.step === 'create') return passwords.write;
  const seen = { authority: stored.get(names.authoritySecret(name)), pair: stored.get(names.tlsSecret(name)) };
  const certificates = await decideCertificates(seen, { target: model, now, makeKeys });
  return 'write' in certificates ? certificates.write : undefined;
}

/** The engine and time of the Secrets; PostgreSQL and now when absent. */
interface Made {
  readonly engine?: Model['engine'];
  readonly now?: Date;
}

/** Makes all Secrets of a Database as the controller does, for clusters that run without a controller. */
export async function makeCredentials(
  namespace: string,
  name: string,
  { engine = 'postgresql', now = new Date() }: Made = {},
): Promise<Manifest[]> {
  const model = modelFor(name, namespace, engine);
  const stored = new StoredSecrets(model);
  for (;;) {
    const write = await nextCreation(model, stored, now);
    if (!write) break;
    stored.write(write);
  }
  return [...stored.objects.values()].map((object) => {
    const metadata = Object.entries(object['metadata'] as Record<string, Json>);
    return { ...object, metadata: Object.fromEntries(metadata.filter(([field]) => field !== 'resourceVersion')) };
  });
}

if (import.meta.main) {
  const [namespace, name, engine = 'postgresql'] = process.argv.slice(2);
  if (namespace === undefined || name === undefined || !Object.hasOwn(VERSIONS, engine)) {
    process.stderr.write('usage: node lab/credentials/make-credentials.ts NAMESPACE NAME [postgresql|mysql|mongodb]\n');
    process.exitCode = 2;
  } else {
    const items = await makeCredentials(namespace, name, { engine: engine as Model['engine'] });
    process.stdout.write(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`);
  }
}
