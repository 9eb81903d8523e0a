import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import type { Database } from '../../../database/object.ts';
import type { Manifest } from '../../../generator/metadata.ts';
import { familyOf } from '../../../database/family.ts';
import { render } from '../../../generator/render.ts';
import { ROOT } from '../../cli/run.ts';
import type { Reply } from '../../cluster/api.ts';
import { Api } from '../../cluster/api.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { admit } from '../../generator/databases.ts';
import { NO_SETTINGS } from '../../../database/settings.ts';

/** Where the Databases of these tests are. */
export const NAMESPACE = 'member-rights';
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
const START_MS = 60_000;

/** A call of the API server's. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly type?: string;
}

/** The path of pods, ConfigMaps and others of the core group in the tests' namespace. */
export const at = (path: string): string => `${CORE}/${path}`;

/** How Patroni writes (patroni/dcs/kubernetes.py), how the image's own programs and most clients do. */
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const MERGE = 'application/merge-patch+json';

/** Sends a call as a user; with `dry`, without storing. */
export function send(api: Api, { method, path, body, type }: Call, dry = false): Promise<Reply> {
  const where = dry ? `${path}${path.includes('?') ? '&' : '?'}dryRun=All` : path;
  return api.send(method, where, body, type);
}

/** A Database of three members with backups, as it is let in. */
export function database(name: string, annotations: object = {}): Database {
  return admit({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: NAMESPACE, annotations },
    spec: { version: '17', replicas: 3, storage: { size: '10Gi' }, backup: { destination: 's3://acme/backups' } },
  });
}

interface Template {
  readonly metadata: object;
  readonly spec: object;
}

function memberPods(manifests: readonly Manifest[], name: string): object[] {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet') as unknown as { spec: { template: Template } };
  const { metadata, spec } = set.spec.template;
  // Nothing mounts volumes here, and the claims need not be bound.
  const volumes = { volumes: [] as object[], containers: [{ name: 'postgresql', image: 'ballast/postgresql:17' }] };
  return [0, 1, 2].map((ordinal) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', spec: { ...spec, ...volumes } },
    metadata: { ...metadata, name: `${name}-${ordinal}`, namespace: NAMESPACE },
  }));
}

/** Puts what Databases become into the API server, as Argo CD does, and their members' pods. */
async function install({ admin }: ControlPlane, databases: readonly Database[]): Promise<void> {
  for (const one of databases) {
    const manifests = render(familyOf(one), NO_SETTINGS).slice(1);
    const pods = memberPods(manifests, one.metadata.name ?? '');
    for (const objects of [manifests, pods]) {
      const { code, stderr } = await admin.apply(objects, ['--server-side']);
      if (code !== 0) throw new Error(stderr);
    }
    const claim = `data-${one.metadata.name ?? ''}-0`;
    const confirmed = `db.example.com/confirm-delete=${claim}`;
    // So that nothing but its rights keeps a member from it.
    await admin.succeed(['annotate', 'pvc', claim, `--namespace=${NAMESPACE}`, confirmed]);
  }
}

/** The policies about members, as the installation brings them. */
async function installPolicies({ admin }: ControlPlane): Promise<void> {
  const base = loadAll(await admin.succeed(['kustomize', join(ROOT, 'kustomize/base')]));
  const policies = (base as { kind: string }[]).filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy'));
  const { code, stderr } = await admin.apply(policies, ['--server-side', '--force-conflicts']);
  if (code !== 0) throw new Error(stderr);
}

/** Waits until a call is refused by a policy: they hold some moments after they were made. */
async function untilHeld(api: Api, call: Call): Promise<void> {
  const end = performance.now() + START_MS;
  while (!(await send(api, call, true)).message.includes('ValidatingAdmissionPolicy')) {
    if (performance.now() > end) throw new Error('the policies about members do not hold');
    await sleep(100);
  }
}

/** The users of the tests. */
export interface Stage {
  readonly admin: Api;
  /** With the token that is mounted into a pod. */
  readonly as: (account: string, pod?: string, namespace?: string) => Promise<Api>;
  readonly end: () => void;
}

/** Installs policies and Databases, and gives the accounts. */
export async function makeStage(plane: ControlPlane, databases: readonly Database[]): Promise<Stage> {
  const opened: Api[] = [];
  const open = (api: Api): Api => {
    opened.push(api);
    return api;
  };
  const as: Stage['as'] = async (account, pod, namespace = NAMESPACE) =>
    open(new Api(await plane.admin.as(namespace, account, pod)));
  const admin = open(new Api(plane.admin));
  await installPolicies(plane);
  await send(admin, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: NAMESPACE } } });
  await install(plane, databases);
  const metadata = { name: 'orders-other' };
  await untilHeld(await as('ballast-member-orders'), { method: 'POST', path: at('configmaps'), body: { metadata } });
  const other = { method: 'PATCH', path: at('pods/orders-0'), body: { metadata: { labels: { x: 'y' } } }, type: MERGE };
  await untilHeld(await as('ballast-member-orders'), other);
  return {
    admin,
    as,
    end: () => {
      for (const api of opened) api.close();
    },
  };
}
