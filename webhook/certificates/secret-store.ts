import type { V1Secret } from '@kubernetes/client-node';
import type { Change } from '../../certificates/change.ts';
import type { Client } from './client.ts';
import { callFailed, connect, statusOf } from './client.ts';
import { publishBundle, readConfiguration } from './configurations.ts';
import type { Store } from './rotate.ts';

/** The names of what is read and written. */
export interface StoreOptions {
  readonly namespace: string;
  readonly secret: string;
  /** Name of the ValidatingWebhookConfiguration, and of the MutatingWebhookConfiguration. */
  readonly configuration: string;
  /** File; absent in a pod. */
  readonly kubeconfig?: string;
}

const CONFLICT = 409;
const NOT_FOUND = 404;

function decode(data: V1Secret['data'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

function withChange(secret: V1Secret, change: Change): V1Secret {
  const data = { ...secret.data };
  for (const [name, text] of Object.entries(change)) {
    if (text === undefined) Reflect.deleteProperty(data, name);
    else data[name] = Buffer.from(text).toString('base64');
  }
  return Object.assign(structuredClone(secret), { data });
}

async function readSecret({ core, plain }: Client, namespace: string, name: string): Promise<V1Secret> {
  try {
    return await core.readNamespacedSecret({ name, namespace }, plain);
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND) throw callFailed(`reading the Secret ${namespace}/${name}`, error);
    const what = `the Secret ${namespace}/${name} is absent, and Ballast must not create it`;
    throw new Error(`${what}: kubectl create secret generic ${name} --namespace ${namespace}`, { cause: error });
  }
}

/** Replaces the Secret that was read; false when it was changed since. */
async function replaceSecret({ core, plain }: Client, body: V1Secret): Promise<boolean> {
  const name = body.metadata?.name ?? '';
  const namespace = body.metadata?.namespace ?? '';
  try {
    // Only over the resourceVersion that the body carries.
    await core.replaceNamespacedSecret({ name, namespace, body }, plain);
    return true;
  } catch (error) {
    if (statusOf(error) === CONFLICT) return false;
    throw callFailed(`updating the Secret ${namespace}/${name}`, error);
  }
}

/** The Secret and the two configurations of these names, on a real API server. */
export function clusterStore({ namespace, secret, configuration, kubeconfig }: StoreOptions): Store {
  let connected: Promise<Client> | undefined;
  const client = (): Promise<Client> => (connected ??= connect(kubeconfig));
  /** The Secret as it was read last; a change is made of it, so that labels and the data of others stay. */
  let last: V1Secret | undefined;
  return {
    readConfigurations: async () => {
      const known = await client();
      const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const;
      const found = await Promise.all(kinds.map((kind) => readConfiguration(known, kind, configuration)));
      return found.filter((one) => one !== undefined);
    },
    readSecret: async () => {
      last = await readSecret(await client(), namespace, secret);
      return { resourceVersion: last.metadata?.resourceVersion ?? '', data: decode(last.data) };
    },
    changeSecret: async ({ resourceVersion }, change) => {
      if (last?.metadata?.resourceVersion !== resourceVersion) return false;
      return replaceSecret(await client(), withChange(last, change));
    },
    publish: async (seen, bundle) => publishBundle(await client(), { name: configuration, seen, bundle }),
  };
}
