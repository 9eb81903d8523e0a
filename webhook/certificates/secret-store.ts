import type { SecretDataChange } from '../../certificates/issue.ts';
import { ApiError } from '../../kubernetes/api.ts';
import { connect } from '../../kubernetes/connect.ts';
import { STANDARD_RESOURCES } from '../../kubernetes/resources.ts';
import type { Client } from './cluster.ts';
import { callFailed } from './cluster.ts';
import { publishBundle, readConfiguration } from './configurations.ts';
import type { SecretVersion, Store } from './rotate.ts';

/** The names of the objects to read and write. */
export interface StoreOptions {
  readonly namespace: string;
  readonly secret: string;
  /** Name of both the ValidatingWebhookConfiguration and the MutatingWebhookConfiguration. */
  readonly configuration: string;
  /** Kubeconfig file; absent in a pod. */
  readonly kubeconfig?: string;
}

const CONFLICT = 409;

type Encoded = Readonly<Record<string, string>>;

function decode(data: Encoded = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

/** Encodes changed texts as a merge patch; undefined removes a key. */
function encode(change: SecretDataChange): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(change).map(([name, text]) => [
      name,
      text === undefined ? null : Buffer.from(text).toString('base64'),
    ]),
  );
}

async function readSecret(client: Client, namespace: string, name: string): Promise<SecretVersion> {
  const found = await client.get(STANDARD_RESOURCES.Secret, { namespace, name }).catch((error: unknown) => {
    throw callFailed(`reading the Secret ${namespace}/${name}`, error);
  });
  if (!found) {
    const what = `the Secret ${namespace}/${name} is absent, and Ballast must not create it`;
    throw new Error(`${what}: kubectl create secret generic ${name} --namespace ${namespace}`);
  }
  const { metadata, data } = found as typeof found & { readonly data?: Encoded };
  return { resourceVersion: metadata.resourceVersion ?? '', data: decode(data) };
}

/** Changes the Secret at the version that was read, keeping its labels and foreign data; false when the Secret changed since. */
async function changeSecret(
  client: Client,
  place: { readonly namespace: string; readonly name: string },
  { resourceVersion }: SecretVersion,
  change: SecretDataChange,
): Promise<boolean> {
  const body = { metadata: { resourceVersion }, data: encode(change) };
  try {
    await client.patch(STANDARD_RESOURCES.Secret, place, { type: 'merge', body });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === CONFLICT) return false;
    throw callFailed(`updating the Secret ${place.namespace}/${place.name}`, error);
  }
}

/** The Secret and the two configurations of these names, on a real API server. */
export function clusterStore({ namespace, secret, configuration, kubeconfig }: StoreOptions): Store {
  let connected: Client | undefined;
  const client = (): Client => (connected ??= connect(kubeconfig, { userAgent: 'ballast-webhook' }));
  return {
    readConfigurations: async () => {
      const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const;
      const found = await Promise.all(kinds.map((kind) => readConfiguration(client(), kind, configuration)));
      return found.filter((one) => one !== undefined);
    },
    readSecret: async () => readSecret(client(), namespace, secret),
    changeSecret: async (seen, change) => changeSecret(client(), { namespace, name: secret }, seen, change),
    publish: async (seen, bundle) => publishBundle(client(), { name: configuration, seen, bundle }),
  };
}
