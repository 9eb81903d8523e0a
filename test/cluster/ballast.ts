import { setTimeout as sleep } from 'node:timers/promises';
import { KINDS } from '../../database/schema/kinds.ts';
import { API_VERSION, GROUP } from '../../database/schema/common.ts';
import { customResourceDefinition } from '../../policies/crd.ts';
import type { KindName } from '../../policies/rule.ts';
import type { Api, Reply } from './api.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';

const ESTABLISHED_MS = 30_000;

/** The path of a kind's objects in a namespace; of one of them with a name. */
export function pathOf(kind: KindName, namespace: string, name?: string): string {
  const { plural } = KINDS.find((known) => known.kind === kind) ?? { plural: '' };
  return `/apis/${API_VERSION}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** Puts the four kinds into the API server and waits until they are served. */
export async function installKinds({ admin }: ControlPlane): Promise<void> {
  const { code, stderr } = await admin.apply(KINDS.map(customResourceDefinition), [
    '--server-side',
    '--force-conflicts',
  ]);
  if (code !== 0) throw new Error(stderr);
  const names = KINDS.map(({ plural }) => `crd/${plural}.${GROUP}`);
  await admin.succeed(['wait', '--for=condition=Established', `--timeout=${ESTABLISHED_MS / 1000}s`, ...names]);
}

/** Makes a namespace of the test's own. */
export async function makeNamespace(api: Api, name: string, labels: object = {}): Promise<void> {
  const { code, body } = await api.send('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  if (code !== 201) throw new Error(JSON.stringify(body));
}

/** Asks for the object to be made, without keeping it. */
export function tryCreate(api: Api, kind: KindName, namespace: string, object: object): Promise<Reply> {
  return api.send('POST', `${pathOf(kind, namespace)}?dryRun=All&fieldValidation=Strict`, object);
}

/** Asks whether an object may become another, without keeping that; the first is made for it, and removed. */
export async function tryUpdate(
  api: Api,
  kind: KindName,
  namespace: string,
  [was, now]: readonly [Named, Named],
): Promise<Reply> {
  const path = pathOf(kind, namespace, was.metadata.name);
  const made = await api.send('POST', pathOf(kind, namespace), was);
  if (made.code !== 201) throw new Error(`${JSON.stringify(was)}: ${JSON.stringify(made.body)}`);
  // A status that is sent with an object is left out.
  const { status } = was;
  const told = status ? await api.send('PATCH', `${path}/status`, { status }, 'application/merge-patch+json') : made;
  const { resourceVersion } = told.body['metadata'] as { resourceVersion: string };
  const object = { ...now, metadata: { ...now.metadata, resourceVersion } };
  const reply = await api.send('PUT', `${path}?dryRun=All&fieldValidation=Strict`, object);
  await api.send('DELETE', path);
  while ((await api.send('GET', path)).code !== 404) await sleep(20);
  return reply;
}

/** An object with a name, and its future status. */
export interface Named {
  readonly metadata: { readonly name: string };
  readonly status?: object;
}
