import { waitingSetting } from '../../controller/engines/postgresql/member-report.ts';
import fc from 'fast-check';
import type {
  ManagedObject,
  Claim,
  Leader,
  MemberPod,
  Observation,
  Workload,
} from '../../controller/databases/observation.ts';
import {
  CREDENTIALS,
  NOW,
  SYSTEM,
  UID,
  claim,
  healthy,
  lock,
  member,
  saying,
  secondsAgo,
  waitingFor,
  workload,
} from './observations.ts';

/** Absent as often as the value. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

/** The usual value, nearly always. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary }, { weight: 9, arbitrary: fc.constant(usual) });
}

/** Without some fields. */
function without<T extends object, K extends keyof T>(value: T, ...fields: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field as K))) as Omit<T, K>;
}

/** The fields that are not undefined, as the types require. */
function defined(value: object): never {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

const ago = fc.integer({ min: -30, max: 4000 }).map(secondsAgo);
const name = fc.integer({ min: 0, max: 6 }).map((ordinal) => `orders-${ordinal}`);

const server: fc.Arbitrary<MemberPod['server']> = fc
  .record({
    state: fc.constantFrom('running', 'running', 'waiting', 'terminated'),
    restarts: fc.nat(3),
    reason: maybe(fc.constant('CrashLoopBackOff')),
    startedAt: maybe(ago),
    finishedAt: maybe(ago),
  })
  .map(defined);

const waiting = fc
  .record({
    name: fc.constantFrom('max_connections', 'max_files_per_process'),
    runs: fc.constantFrom('100', '200'),
    wanted: fc.constantFrom('50', '150', '300'),
  })
  .map(({ name, runs, wanted }) => waitingSetting(name, runs, wanted));

const report: fc.Arbitrary<MemberPod['report']> = fc
  .record({
    runs: fc.constantFrom(true, true, false),
    role: fc.constantFrom('primary' as const, 'standby' as const, 'standby' as const, 'none' as const),
    term: maybe(fc.nat(3)),
    follows: fc.constantFrom(true, true, false),
    pendingRestart: fc.boolean(),
    waiting: maybe(fc.array(waiting, { maxLength: 2 })),
  })
  .map(defined);

const podChanges = fc
  .record({
    createdAt: ago,
    deleting: fc.boolean(),
    ready: fc.boolean(),
    readyChangedAt: maybe(ago),
    role: maybe(fc.constantFrom('primary', 'replica')),
    revision: maybe(fc.constantFrom('old', 'new')),
    server: maybe(server),
    report: maybe(report),
  })
  .map(({ server: container, report: word, revision, role, ...given }) =>
    defined({ ...given, server: container, report: word, revision, role }),
  );

const FIELDS = ['deleting', 'ready', 'role', 'revision', 'server', 'report'] as const;

/** A pod that is anything, or one that is well but for one thing. */
function pod(ordinal: number): fc.Arbitrary<MemberPod | undefined> {
  const well = member(ordinal, ordinal === 0 ? 'primary' : 'replica');
  const changed = fc.tuple(podChanges, fc.constantFrom(...FIELDS)).map(([changes, field]) => {
    const value = (changes as Partial<MemberPod>)[field];
    return { ...well, ...(value === undefined ? {} : { [field]: value }) };
  });
  const old = fc.constantFrom<MemberPod>(
    { ...well, revision: 'old' },
    saying(well, { pendingRestart: true }),
    waitingFor(well, 'max_connections', '200', '100'),
  );
  const any = podChanges.map((changes) => {
    const { name: called, uid, resourceVersion } = well;
    return { name: called, ordinal, uid, resourceVersion, ...(changes as object) } as MemberPod;
  });
  const none = fc.constant(undefined);
  const usual = { weight: 12, arbitrary: fc.constant(ordinal < 3 ? well : undefined) };
  return fc.oneof(usual, { weight: 4, arbitrary: old }, { weight: 2, arbitrary: changed }, any, none);
}

function claimOf(ordinal: number): fc.Arbitrary<Claim> {
  return fc
    .record({
      owner: rarely(fc.constantFrom(undefined, 'uid-of-another'), UID),
      systemIdentifier: rarely(fc.constantFrom(undefined, '42'), SYSTEM),
      requested: rarely(fc.constantFrom(2n ** 30n, 20n * 2n ** 30n), 10n * 2n ** 30n),
      deleting: rarely(fc.boolean(), false),
    })
    .map(({ owner, systemIdentifier, ...given }) => {
      const rest = without(claim(ordinal, given), 'owner', 'systemIdentifier');
      return { ...rest, ...(defined({ owner, systemIdentifier }) as object) };
    });
}

const leader: fc.Arbitrary<Leader | undefined> = rarely<Leader | undefined>(
  fc
    .record({
      member: maybe(name),
      renewedAt: maybe(ago),
      acquiredAt: maybe(ago),
      slots: maybe(fc.constant(['orders_4'])),
    })
    .map(({ member: holder, ...times }) => {
      return { ...without(lock(holder), 'renewedAt', 'acquiredAt'), ...(defined(times) as object) };
    }),
  lock('orders-0'),
);

const KINDS: readonly (readonly [string, string, string])[] = [
  ['v1', 'ConfigMap', 'orders-settings'],
  ['v1', 'ConfigMap', 'orders-config'],
  ['v1', 'Service', 'orders-primary'],
  ['v1', 'Service', 'orders-made-by-hand'],
  ['v1', 'PersistentVolumeClaim', 'data-orders-0'],
  ['v1', 'PersistentVolumeClaim', 'data-orders-1'],
  ['v1', 'PersistentVolumeClaim', 'orders-backup'],
  ['v1', 'PersistentVolumeClaim', 'made-by-hand'],
  ['batch/v1', 'CronJob', 'orders-backup'],
  ['batch/v1', 'CronJob', 'nightly-report-by-hand'],
  ['apps/v1', 'Deployment', 'orders'],
  ['apps/v1', 'StatefulSet', 'orders'],
  ['rbac.authorization.k8s.io/v1', 'Role', 'orders-controller'],
];

const children: fc.Arbitrary<ManagedObject[]> = fc.subarray([...KINDS]).chain((kinds) =>
  fc.tuple(...kinds.map(() => fc.boolean())).map((deleting) =>
    kinds.map(([apiVersion, kind, called], index) => ({
      ...{ apiVersion, kind, name: called, uid: `uid-of-${kind}-${called}`, resourceVersion: `9${index}` },
      ...{ revision: '', deleting: deleting[index] ?? false },
    })),
  ),
);

const MARKS = [UID, UID, '', 'uid-of-another', undefined];

/** Some of them foreign. */
const markedChildren: fc.Arbitrary<ManagedObject[]> = children.chain((all) =>
  fc
    .tuple(...all.map(() => fc.constantFrom(...MARKS)))
    .map((marks) => all.map((one, index) => ({ ...one, ...(defined({ mark: marks[index] }) as object) }))),
);

const own = fc
  .record({
    deletionRequestedAt: fc.constantFrom(NOW, undefined, undefined),
    finalizers: rarely(fc.constantFrom<string[]>([], ['another/finalizer']), ['db.example.com/database']),
    annotations: fc.record(
      {
        'db.example.com/confirm-delete': fc.constantFrom('orders', 'yes'),
        'db.example.com/hibernate': rarely(fc.constant('true'), 'false'),
        'db.example.com/switchover': fc.constantFrom('any', 'orders-1', 'orders-9', 'any@2'),
        'db.example.com/rotate-credentials': fc.constantFrom('1', '2'),
      },
      { requiredKeys: [] },
    ),
    status: maybe(
      fc.record({
        phase: fc.constantFrom('Running', 'Creating', 'Scaling', 'Updating'),
        handled: fc
          .record({
            primary: name,
            switchover: maybe(fc.record({ request: fc.constantFrom('any', 'orders-1'), from: name })),
          })
          .map(defined),
      }),
    ),
  })
  .map(({ annotations, ...rest }) => ({ ...(defined(rest) as object), annotations: defined(annotations) }));

const spec = fc.record({
  replicas: rarely(fc.integer({ min: 1, max: 5 }), 3),
  deletionPolicy: fc.constantFrom('Retain', 'Delete', 'Delete', 'Protect'),
  storage: rarely(fc.constant({ size: '20Gi' }), { size: '10Gi' }),
  bootstrap: fc.record({ adopt: rarely(fc.boolean(), false), recover: rarely(fc.boolean(), false) }),
  parameters: rarely(fc.constant<object>({ max_connections: '200' }), {}),
  engine: rarely(fc.constant('mysql'), 'postgresql'),
});

const handingOver = fc.record({ resourceVersion: fc.constant('320'), from: maybe(name), to: maybe(name) }).map(defined);

const around = fc.record({
  synchronous: rarely(fc.subarray(['orders-0', 'orders-1', 'orders-2']), ['orders-1']),
  switchover: rarely<object | undefined>(handingOver, undefined),
  problems: rarely<string[]>(fc.constant(['spec.replicas: must be between 1 and 9']), []),
  credentials: rarely<Observation['credentials']>(
    fc.constantFrom(undefined, { ...CREDENTIALS, inForce: false }, { ...CREDENTIALS, renewAt: NOW }),
    CREDENTIALS,
  ),
  storageClass: maybe(fc.record({ expandable: fc.boolean() })),
  namespaceProtected: fc.constant(undefined),
  namespaceHasOtherProtected: fc.boolean(),
  workload: rarely<Partial<Workload> | undefined>(
    fc.option(fc.record({ replicas: fc.nat(5), observedGeneration: fc.nat(1) }), { nil: undefined }),
    {},
  ),
  children: fc.oneof(fc.constant<ManagedObject[]>([]), markedChildren),
  isDirect: fc.boolean(),
  isStale: rarely(fc.boolean(), false),
  isPaused: rarely(fc.boolean(), false),
  isYoung: rarely(fc.boolean(), false),
  isTaken: rarely(fc.boolean(), false),
});

const upToDate = fc.oneof(
  fc.constant(KINDS.map(() => true)),
  fc.array(fc.boolean(), { minLength: KINDS.length, maxLength: KINDS.length }),
);

/** A Database whose members have stopped, or which has one only: what few others come to. */
function shaped(seen: Observation, shape: 'usual' | 'stopped' | 'single'): Observation {
  const { workload: set, ...rest } = seen;
  if (shape === 'stopped') return { ...rest, pods: [], own: { ...rest.own, deletionRequestedAt: NOW } };
  if (shape === 'usual' || !set) return seen;
  return { ...rest, workload: { ...set, replicas: 1 }, pods: rest.pods.slice(0, 1), synchronous: [] };
}

/** Anything that the controller might see, likely or not. */
export const anything: fc.Arbitrary<Observation> = fc
  .record({
    own,
    spec: spec.map((one) => (one.engine === 'mysql' ? { ...one, version: '8.4', replicas: 1 } : one)),
    pods: fc.tuple(...[0, 1, 2, 3, 4].map(pod)),
    claims: fc.tuple(...[0, 1, 2].map(claimOf)),
    leader,
    around,
    upToDate,
    shape: fc.constantFrom('usual', 'usual', 'usual', 'stopped', 'single'),
  })
  .map(({ around: { isDirect, isStale, isPaused, isYoung, isTaken, workload: set, ...others }, ...seen }) => {
    const base = healthy(3, { spec: seen.spec, own: seen.own });
    const rest = without(base, 'patroni', 'credentials', 'leader', 'workload');
    const { patroni } = base;
    const config = { ...(isStale ? {} : patroni?.config), ...(isPaused && { pause: true }) };
    const rendered = KINDS.map(([apiVersion, kind, called], index) => ({
      ...{ apiVersion, kind, name: called, upToDate: seen.upToDate[index] ?? false },
      ...(isTaken && index % 4 === 0 && { takenBy: 'legacy', askAgainAt: NOW }),
    })).filter(
      ({ kind, name: called }) => !called.includes('by-hand') && called !== 'orders-config' && kind !== 'Deployment',
    );
    const usual = {
      ...rest,
      ...(defined(others) as object),
      pods: seen.pods.filter((one) => one !== undefined),
      claims: seen.claims,
      ...(set && { workload: { ...workload(3), ...set } }),
      ...(seen.leader && { leader: seen.leader }),
      ...(!isYoung && patroni && { patroni: { ...patroni, config } }),
      ...(isDirect && { rendered }),
    } as Observation;
    return shaped(usual, seen.shape);
  });
