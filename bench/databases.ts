import { NO_SETTINGS } from '../database/settings.ts';
import { plainConfiguration } from '../controller/engines/postgresql/configuration.ts';
import type { Connection } from '../kubernetes/connect.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { RESOURCES, resourceNamed } from '../controller/resources.ts';
import type { Database } from '../database/object.ts';
import { familyOf } from '../database/family.ts';
import { render } from '../generator/render.ts';
import { makeCredentials } from '../lab/credentials/make-credentials.ts';
import { patroniConfigMap, slotOf, takenLock } from '../lab/world/member.ts';
import { healthy } from '../test/controller/observations.ts';
import { copyTo } from './copies.ts';
import { bound, claimed, pods, ready } from './members.ts';
import type { Which } from './which.ts';
import { which } from './which.ts';

/** Members of each Database. */
export const MEMBERS = 3;
/** Number of concurrent calls. */
const LANES = 24;
const SYSTEM = '7300000000000000001';

/** The part that all Databases of the bench share: Secrets with the same contents. */
export interface Credentials {
  readonly secrets: readonly KubernetesObject[];
  /** By account: superuser, replication, app. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Of the members, PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Makes Secrets as the controller does. */
export async function credentials(): Promise<Credentials> {
  // Manifests are objects of the API server's.
  const secrets = (await makeCredentials('bench', 'db')) as unknown as KubernetesObject[];
  const field = (end: string, name: string): string => {
    const secret = secrets.find(({ metadata }) => metadata.name === `db-${end}`);
    const { [name]: encoded = '' } = (secret?.['data'] ?? {}) as Record<string, string>;
    return Buffer.from(encoded, 'base64').toString();
  };
  const accounts = ['superuser', 'replication', 'app'];
  return {
    secrets,
    passwords: new Map(accounts.map((account) => [account, field(account, 'password')])),
    certificate: field('tls', 'tls.crt'),
    key: field('tls', 'tls.key'),
  };
}

/** A Database as Git holds it. */
function databaseOf({ namespace, name }: Which): Database {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace },
    spec: {
      engine: 'postgresql',
      version: '17',
      size: 'large',
      podAntiAffinity: 'preferred',
      storage: { size: '10Gi' },
      backup: {
        enabled: true,
        schedule: '15 2 * * *',
        timeZone: 'Etc/UTC',
        destination: `s3://acme/${namespace}/${name}`,
      },
      parameters: { max_connections: '200', work_mem: '16MB' },
      deletionPolicy: 'Retain',
    },
  };
}

/** The ConfigMaps that Patroni makes. */
function patroniOf(one: Which, database: Database): KubernetesObject[] {
  const { name } = one;
  const members = Array.from({ length: MEMBERS }, (_, ordinal) => `${name}-${ordinal}`);
  const config = JSON.stringify(plainConfiguration(healthy(MEMBERS, { own: { database } })));
  const [leader = '', ...standbys] = members;
  const addresses = Object.fromEntries(members.map((member) => [member, `https://${member}:8008/patroni`]));
  const lock = takenLock(leader, new Date().toISOString());
  return [
    patroniConfigMap(one, 'config', { config, initialize: SYSTEM, history: '[]' }),
    patroniConfigMap(one, 'leader', {
      ...lock,
      optime: '67108864',
      retain_slots: JSON.stringify(standbys.map(slotOf)),
    }),
    patroniConfigMap(one, 'sync', { leader, sync_standby: standbys.join(','), quorum: '0' }),
    patroniConfigMap(one, 'failsafe', addresses),
  ];
}

function secretsOf({ namespace, name }: Which, { secrets }: Credentials): KubernetesObject[] {
  return secrets.map((secret) => {
    const { labels = {}, name: own } = secret.metadata;
    const named = { ...labels, 'app.kubernetes.io/instance': name, 'db.example.com/database': name };
    return { ...secret, metadata: { ...secret.metadata, name: own.replace(/^db/, name), namespace, labels: named } };
  });
}

async function create(api: Connection, object: KubernetesObject): Promise<KubernetesObject> {
  const resource = resourceNamed(object.kind ?? '');
  const { group, version } = resource;
  return api.create(resource, { ...object, apiVersion: group === '' ? version : `${group}/${version}` });
}

async function setStatus(api: Connection, kind: string, { namespace, name }: Which, status: object): Promise<void> {
  const target = { namespace, name, subresource: 'status' } as const;
  await api.patch(resourceNamed(kind), target, { type: 'merge', body: { status } });
}

/** Sets whether a pod is ready, as a kubelet does. */
export async function setReady(api: Connection, pod: Which, isReady: boolean): Promise<void> {
  await setStatus(api, 'Pod', pod, ready(isReady));
}

/** Creates a healthy Database with all its objects, as before the first start of a controller. */
async function make(api: Connection, one: Which, shared: Credentials): Promise<void> {
  const database = databaseOf(one);
  // Manifests are objects of the API server's.
  const [own, ...all] = render(familyOf(database), NO_SETTINGS) as unknown as [KubernetesObject, ...KubernetesObject[]];
  // The API server keeps addresses of Services unique, also against copied ones.
  const rendered = all.filter(({ kind }) => kind !== 'Service');
  const claims = rendered.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const made = await Promise.all(rendered.map((object) => create(api, claimed(object))));
  const set = made.find((_, index) => rendered[index]?.kind === 'StatefulSet');
  if (!set) throw new Error('nothing was rendered that makes pods');
  const members = pods(set, MEMBERS);
  const others = [...members, ...patroniOf(one, database), ...secretsOf(one, shared)];
  await Promise.all(others.map((object) => create(api, object)));
  const observed = { observedGeneration: 1, replicas: MEMBERS, updateRevision: `${one.name}-1` };
  await Promise.all([
    setStatus(api, 'StatefulSet', one, observed),
    ...members.map(({ metadata: { name } }) => setReady(api, { ...one, name }, true)),
    ...claims.map(({ metadata: { name } }) => setStatus(api, 'PersistentVolumeClaim', { ...one, name }, bound('10Gi'))),
  ]);
  await create(api, own);
}

/** Does work for all numbers below a limit, several at a time. */
export async function forAll(to: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < to) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Creates this many Databases and their namespaces: the first one object by object, the others as its copies. */
export async function makeDatabases(api: Connection, etcd: string, count: number, shared: Credentials): Promise<void> {
  const [first, ...others] = Array.from({ length: count }, (_, index) => which(index));
  if (!first) return;
  const namespaces = new Set([first, ...others].map(({ namespace }) => namespace));
  for (const name of namespaces) await create(api, { kind: RESOURCES.Namespace.kind, metadata: { name } });
  await make(api, first, shared);
  await copyTo(etcd, first, others);
}
