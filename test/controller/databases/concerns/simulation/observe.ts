import { NO_SETTINGS } from '../../../../../database/settings.ts';
import { names } from '../../../../../generator/names.ts';
import type {
  Claim,
  CredentialsSeen,
  MemberPod,
  Observation,
  RenderedObject,
} from '../../../../../controller/databases/observation.ts';
import { database } from '../../../observations.ts';
import { renderedObjects, wantedBytes } from './kubernetes.ts';
import type { SimPod, World } from './world.ts';
import { OWN_UID, SETTINGS } from './world.ts';

/** What the controller's process remembers; gone when it dies. */
export interface Memory {
  credentials?: CredentialsSeen | undefined;
  /** Object as `kind/name`: what was asked for, and its version after it was applied. */
  readonly applied: Map<string, { readonly asked: string; readonly content: string }>;
}

/** Of which moment each part is that the controller sees: each kind of object has a watch of its own. */
export interface Views {
  readonly own: World;
  readonly pods: World;
  readonly workload: World;
  readonly claims: World;
  readonly patroni: World;
  readonly objects: World;
}

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

function podSeen(pod: SimPod): MemberPod {
  const waiting = SETTINGS.filter((name) => pod.runs[name] !== pod.taken[name]).map((name) => ({
    name,
    runs: String(pod.runs[name]),
    wanted: String(pod.taken[name]),
  }));
  const patroni = pod.state && {
    state: pod.state,
    role: pod.role ?? 'uninitialized',
    timeline: pod.timeline,
    pendingRestart: pod.state === 'running' && waiting.length > 0,
    ...(pod.streaming && { replication: 'streaming' }),
    ...(waiting.length > 0 && { waiting }),
  };
  const { name, ordinal, uid, deleting, ready } = pod;
  const times = { startedAt: dateOf(pod.startedAt), finishedAt: floorSecond(pod.finishedAt) };
  const server = defined({ state: pod.server, restarts: pod.restarts, ...times });
  const given = { name, ordinal, uid, deleting, ready, resourceVersion: String(pod.version), revision: pod.template };
  const more = defined({ role: pod.label, patroni });
  return {
    ...given,
    ...more,
    createdAt: new Date(pod.createdAt),
    readyChangedAt: new Date(pod.readyChangedAt),
    server,
  };
}

/** Kubelets write whole seconds. */
function floorSecond(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(Math.floor(time / 1000) * 1000);
}

function claimsSeen({ claims }: World): Claim[] {
  return claims
    .map(({ name, ordinal, uid, version, requested, capacity, owner, systemIdentifier }) => ({
      ...{ name, ordinal, uid, requested, capacity, resourceVersion: String(version), deleting: false },
      ...defined({ owner, systemIdentifier }),
      storageClassName: 'fast',
      conditions: new Map<string, string>(),
    }))
    .sort((a, b) => a.ordinal - b.ordinal);
}

function patroniSeen({ leader, config, failover, sync }: World): Partial<Observation> {
  return {
    synchronous: [...sync],
    ...(leader && {
      leader: {
        ...defined({ member: leader.member }),
        resourceVersion: String(leader.version),
        acquiredAt: new Date(leader.acquiredAt),
        renewedAt: new Date(leader.renewedAt),
        transitions: leader.transitions,
        slots: leader.slots,
      },
    }),
    ...(config && {
      patroni: {
        resourceVersion: String(config.version),
        config: config.config,
        ...defined({ systemIdentifier: config.systemIdentifier, configuredAt: dateOf(config.configuredAt) }),
      },
    }),
    ...(failover && {
      switchover: { resourceVersion: String(failover.version), ...defined({ from: failover.from, to: failover.to }) },
    }),
  };
}

type Asked = readonly (readonly [RenderedObject, string])[];

/** What render gives for the Database as it is seen, in order, and what is asked of each. */
export function asked({ own, template }: World): Asked {
  const of = (apiVersion: string, kind: string, name: string): RenderedObject => ({
    apiVersion,
    kind,
    name,
    upToDate: false,
  });
  const objects = renderedObjects({ own } as World).map(
    ({ apiVersion, kind, name, content }) => [of(apiVersion, kind, name), content] as const,
  );
  const claims = Array.from(
    { length: own.spec.replicas ?? 1 },
    (_, ordinal) =>
      [of('v1', 'PersistentVolumeClaim', `data-orders-${ordinal}`), String(wantedBytes({ own } as World))] as const,
  );
  return [...objects, ...claims, [of('apps/v1', 'StatefulSet', 'orders'), template]];
}

/** What an object is by now, in the terms of `asked`. */
export function contentOf(world: World, kind: string, name: string): string | undefined {
  if (kind === 'StatefulSet') return world.workload?.template;
  if (kind !== 'PersistentVolumeClaim')
    return world.objects.find((one) => one.kind === kind && one.name === name)?.content;
  const claim = world.claims.find((one) => one.name === name);
  return claim && String(claim.requested);
}

function renderedSeen({ own, objects, workload, claims }: Views, { applied }: Memory): RenderedObject[] {
  const seen = { objects: objects.objects, workload: workload.workload, claims: claims.claims } as World;
  return asked(own).map(([object, ask]) => {
    const { kind, name } = object;
    const before = applied.get(`${kind}/${name}`);
    const content = contentOf(seen, kind, name);
    return { ...object, upToDate: content !== undefined && before?.asked === ask && before.content === content };
  });
}

function childrenSeen({ objects, workload, claims, patroni }: Views): Observation['children'] {
  const version = (value: { uid: string; version: number }) =>
    ({ uid: value.uid, resourceVersion: String(value.version), revision: '', deleting: false, mark: '' }) as const;
  const maps = [
    ['leader', patroni.leader],
    ['config', patroni.config],
    ['failover', patroni.failover],
  ] as const;
  return [
    ...objects.objects.map((one) => ({ apiVersion: one.apiVersion, kind: one.kind, name: one.name, ...version(one) })),
    ...claims.claims.map((one) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      name: one.name,
      ...version(one),
    })),
    ...(workload.workload
      ? [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', ...version(workload.workload) }]
      : []),
    ...maps.flatMap(([end, map]) =>
      map
        ? [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: `orders-${end}`,
              ...version({ uid: end, version: map.version }),
            },
          ]
        : [],
    ),
  ];
}

function workloadSeen({ workload }: World): Partial<Observation> {
  if (!workload) return {};
  const { uid, version, generation, observed, replicas, template } = workload;
  const versions = { uid, resourceVersion: String(version), generation, observedGeneration: observed };
  return { workload: { ...versions, replicas, updateRevision: template, deleting: false } };
}

/** What the controller sees, each part as it was at its own moment. */
export function observe(views: Views, memory: Memory): Observation {
  const { own, version } = { own: views.own.own, version: views.own.own.version };
  const { direct, expandable } = views.own;
  return {
    own: {
      database: database(own.spec),
      uid: OWN_UID,
      resourceVersion: String(version),
      generation: own.generation,
      annotations: own.annotations,
      finalizers: own.finalizers,
      createdAt: new Date('2026-11-21T11:59:00Z'),
      ...defined({ deletionRequestedAt: dateOf(own.deletedAt), status: own.status }),
    },
    settings: NO_SETTINGS,
    problems: [],
    pods: views.pods.pods.map(podSeen),
    claims: claimsSeen(views.claims),
    children: childrenSeen(views),
    synchronous: [],
    namespaceHasOtherProtected: false,
    storageClass: { expandable },
    ...workloadSeen(views.workload),
    ...patroniSeen(views.patroni),
    ...defined({ credentials: memory.credentials }),
    ...(direct && { rendered: renderedSeen(views, memory) }),
  };
}

/** Names of the Secrets, as `create-secret` calls them. */
export const SECRET_NAMES = {
  superuser: names.superuserSecret('orders'),
  replication: names.replicationSecret('orders'),
  app: names.appSecret('orders'),
  tls: names.tlsSecret('orders'),
} as const;
