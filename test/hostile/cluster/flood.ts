import { API_VERSION } from '../../../database/schema/common.ts';
import { names } from '../../../generator/names.ts';
import type { Api } from '../../cluster/api.ts';

/** Text that JSON writes with six characters for each. */
const ANGLES = '<'.repeat(1000);

function large(bytes: number): string {
  return ANGLES.repeat(Math.ceil(bytes / ANGLES.length)).slice(0, bytes);
}

interface Kind {
  readonly path: string;
  /** How many of a thousand are of this kind. */
  readonly part: number;
  readonly make: (number: number) => object;
}

/** Databases that do not exist, and one that does. */
function labels(number: number): object {
  const database = number % 10 === 0 ? 'billing' : `nobody-${number % 500}`;
  return {
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/managed-by': 'ballast',
    'db.example.com/database': database,
  };
}

const ENDS = ['leader', 'config', 'failover', 'sync', 'failsafe'] as const;

/** Patroni's notes of Databases that do not exist, as large as annotations may be. */
function note(number: number): object {
  const name = `nobody-${number}-${ENDS[number % ENDS.length]!}`;
  const annotations = {
    leader: `nobody-${number}\u0000`,
    config: `{"a":"${'x'.repeat(120_000)}"}`,
    sync_standby: 'a,'.repeat(40_000),
    retain_slots: `["${'s'.repeat(40_000)}"]`,
  };
  return {
    metadata: { name, labels: { ...labels(number), 'db.example.com/database': `nobody-${number}` }, annotations },
  };
}

const CONTAINER = { name: 'postgresql', image: 'none' };

const KINDS: readonly Kind[] = [
  { path: 'api/v1/configmaps', part: 460, make: note },
  {
    path: 'api/v1/configmaps',
    part: 60,
    make: (number) => ({
      metadata: { name: `data-of-${number}`, labels: labels(number) },
      data: { text: large(600_000) },
    }),
  },
  {
    path: 'api/v1/pods',
    part: 120,
    make: (number) => ({
      metadata: { name: `billing-${number}`, labels: labels(0), annotations: { status: `{"a":"${large(200_000)}"}` } },
      // The account that is there without a controller of Kubernetes' own.
      spec: { serviceAccountName: names.memberAccount('billing'), containers: [CONTAINER] },
    }),
  },
  {
    path: 'api/v1/persistentvolumeclaims',
    part: 100,
    make: (number) => ({
      metadata: {
        name: `data-billing-${number + 9}`,
        labels: labels(0),
        annotations: { 'db.example.com/owner': large(100_000) },
      },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
  },
  {
    path: 'apis/batch/v1/cronjobs',
    part: 80,
    make: (number) => ({
      metadata: { name: `cron-${number}`, labels: labels(number), annotations: { a: large(100_000) } },
      spec: {
        schedule: '0 0 1 1 *',
        suspend: true,
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [CONTAINER] } } } },
      },
    }),
  },
  {
    path: 'api/v1/services',
    part: 80,
    make: (number) => ({
      metadata: { name: `service-${number}`, labels: labels(number), annotations: { a: large(100_000) } },
      spec: { clusterIP: 'None', ports: [{ port: 1 }] },
    }),
  },
  {
    path: 'apis/db.example.com/v1alpha1/databases',
    // Each write on one of them is as large as it is: more of them would try the API server, not the controller.
    part: 20,
    make: (number) => ({
      ...{ apiVersion: API_VERSION, kind: 'Database' },
      // Of angles the API server itself would take seconds for each write on it.
      metadata: { name: `flood-${number}`, annotations: { 'db.example.com/switchover': 'x'.repeat(200_000) } },
      spec: { engine: 'postgresql', version: '17', storage: { size: '1Gi' } },
    }),
  },
  {
    path: 'apis/events.k8s.io/v1/events',
    part: 80,
    make: (number) => ({
      metadata: { name: `event-${number}`, labels: labels(number) },
      eventTime: '2026-11-20T10:00:00.000000Z',
      ...{ reportingController: 'tenant', reportingInstance: 'tenant', action: 'Nothing', reason: 'Nothing' },
      type: 'Normal',
      note: 'n'.repeat(1000),
      regarding: { kind: 'Database', namespace: 'tenant', name: 'billing' },
    }),
  },
];

function pathIn(namespace: string, path: string): string {
  const slash = path.lastIndexOf('/');
  return `/${path.slice(0, slash)}/namespaces/${namespace}/${path.slice(slash + 1)}`;
}

/** Makes about so many objects of one tenant, of all kinds that the controller follows; gives how many there are. */
export async function flood(api: Api, namespace: string, objects: number): Promise<number> {
  const all = KINDS.flatMap(({ path, part, make }) =>
    Array.from({ length: Math.ceil((objects * part) / 1000) }, (_, number) => ({ path, number, make })),
  );
  const queue = all.values();
  const work = async (): Promise<void> => {
    for (const { path, number, make } of queue) {
      const { code, message } = await api.send('POST', pathIn(namespace, path), make(number));
      if (code !== 201 && code !== 409) throw new Error(`${path} ${number}: ${code} ${message}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return all.length;
}
