import { expect } from 'chai';
import type { Urgency } from '../../../controller/runtime/loop.ts';
import { urgencyOf } from '../../../controller/cluster/wake-up.ts';
import { projectConfigMap } from '../../../controller/engines/postgresql/config-maps.ts';
import { projectPod } from '../../../controller/cluster/pod.ts';
import { projectStatefulSet } from '../../../controller/cluster/workload.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';

const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/name': 'postgresql',
  'db.example.com/database': 'orders',
};

interface Changed {
  readonly annotations?: object;
  readonly spec?: object;
  readonly status?: object;
}

let version = 0;

function object(name: string, { annotations = {}, ...rest }: Changed): KubernetesObject {
  version += 1;
  const metadata = { name, namespace: 'shop', uid: 'u', resourceVersion: String(version), labels: LABELS, annotations };
  return { metadata, ...rest } as unknown as KubernetesObject;
}

const PROJECTS = { pod: projectPod, configMap: projectConfigMap, statefulSet: projectStatefulSet };

interface Case {
  readonly name: string;
  readonly of: keyof typeof PROJECTS;
  readonly called: string;
  readonly before: Changed;
  readonly after: Changed;
  readonly is: Urgency | 'never';
}

const said = (status: object): Changed => ({ annotations: { status: JSON.stringify(status) } });
const ready = (status: string, noise: object = {}): Changed => ({
  status: { conditions: [{ type: 'Ready', status }], ...noise },
});

const CASES: readonly Case[] = [
  {
    name: 'the leader renews its lock',
    ...{ of: 'configMap', called: 'orders-leader' },
    before: { annotations: { leader: 'orders-0', renewTime: '2026-01-01T00:00:00Z', optime: '1' } },
    after: { annotations: { leader: 'orders-0', renewTime: '2026-01-01T00:00:05Z', optime: '2' } },
    is: 'never',
  },
  {
    name: 'another leads',
    ...{ of: 'configMap', called: 'orders-leader' },
    before: { annotations: { leader: 'orders-0' } },
    after: { annotations: { leader: 'orders-1' } },
    is: 'first',
  },
  {
    name: 'Patroni writes its history',
    ...{ of: 'configMap', called: 'orders-config' },
    before: { annotations: { config: '{}' } },
    after: { annotations: { config: '{}', history: '[]' } },
    is: 'never',
  },
  {
    name: "Patroni's configuration changes",
    ...{ of: 'configMap', called: 'orders-config' },
    before: { annotations: { config: '{}' } },
    after: { annotations: { config: '{"pause":true}' } },
    is: 'now',
  },
  {
    name: 'a switchover is done',
    ...{ of: 'configMap', called: 'orders-failover' },
    before: { annotations: { leader: 'orders-0' } },
    after: {},
    is: 'now',
  },
  {
    name: 'a member goes on in the log',
    ...{ of: 'pod', called: 'orders-0' },
    before: said({ state: 'running', xlog_location: 1 }),
    after: said({ state: 'running', xlog_location: 2 }),
    is: 'soon',
  },
  {
    name: 'a member goes on in the log and stops',
    ...{ of: 'pod', called: 'orders-0' },
    before: said({ state: 'running', xlog_location: 1 }),
    after: said({ state: 'stopping', xlog_location: 2 }),
    is: 'now',
  },
  {
    name: 'a kubelet reports what nobody asks for',
    ...{ of: 'pod', called: 'orders-0' },
    before: ready('True'),
    after: ready('True', { podIP: '10.0.0.1' }),
    is: 'never',
  },
  {
    name: 'a member no longer serves',
    ...{ of: 'pod', called: 'orders-0' },
    before: ready('True'),
    after: ready('False'),
    is: 'first',
  },
  {
    name: 'a member serves again',
    ...{ of: 'pod', called: 'orders-0' },
    before: ready('False'),
    after: ready('True'),
    is: 'now',
  },
  {
    name: 'a StatefulSet counts its pods',
    ...{ of: 'statefulSet', called: 'orders' },
    before: { spec: { replicas: 1 }, status: { readyReplicas: 0 } },
    after: { spec: { replicas: 1 }, status: { readyReplicas: 1 } },
    is: 'never',
  },
  {
    name: 'somebody changes a StatefulSet',
    ...{ of: 'statefulSet', called: 'orders' },
    before: { spec: { replicas: 1 } },
    after: { spec: { replicas: 1, paused: true } },
    is: 'now',
  },
];

describe('A change of an object', () => {
  for (const { name, of, called, before, after, is } of CASES) {
    it(`matters ${is} when ${name}`, () => {
      const [was, now] = [before, after].map((state) => PROJECTS[of](object(called, state)));
      const change = { type: 'changed', key: `shop/${called}`, before: was!, after: now! } as const;
      expect(urgencyOf(change)).equal(is);
    });
  }

  for (const [type, is] of [
    ['added', 'now'],
    ['deleted', 'first'],
  ] as const) {
    it(`of a member matters ${is} when it is ${type}`, () => {
      const kept = projectPod(object('orders-0', {}))!;
      const key = 'shop/orders-0';
      expect(urgencyOf(type === 'added' ? { type, key, after: kept } : { type, key, before: kept })).equal(is);
    });
  }
});
