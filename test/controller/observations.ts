import { FINALIZER } from '../../database/vocabulary.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { filledDatabase } from '../../lab/filled-database.ts';
import type { Database } from '../../database/object.ts';
import { plainConfiguration } from '../../controller/engines/postgresql/configuration.ts';
import type { MemberReport } from '../../controller/engines/engine-control.ts';
import { CONTROLS } from '../../controller/engines/index.ts';
import { waitingSetting } from '../../controller/engines/postgresql/member-report.ts';
import type { Claim, Leader, MemberPod, Observation, Workload } from '../../controller/databases/observation.ts';

/** The moment at which everything in these tests is looked at. */
export const NOW = new Date('2026-11-21T12:00:00Z');
/** The Database's own uid. */
export const UID = 'uid-of-orders';
/** The cluster's system identifier. */
export const SYSTEM = '7300000000000000001';

/** A moment before NOW. */
export function secondsAgo(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

/** A Database named orders in the namespace shop. */
function database(spec: Partial<Database['spec']> = {}): Database {
  const usual = { version: '16', replicas: 3, storage: { size: '10Gi' } };
  return filledDatabase({ name: 'orders', namespace: 'shop' }, { ...usual, ...spec });
}

/** A member that has served for an hour; a standby that follows without a gap, or the primary. */
export function member(ordinal: number, role: 'primary' | 'replica', changes: Partial<MemberPod> = {}): MemberPod {
  return {
    name: `orders-${ordinal}`,
    ordinal,
    uid: `uid-of-pod-${ordinal}`,
    resourceVersion: `10${ordinal}`,
    createdAt: secondsAgo(3600),
    deleting: false,
    ready: true,
    readyChangedAt: secondsAgo(3500),
    role,
    revision: 'new',
    version: '16',
    server: { state: 'running', restarts: 0, startedAt: secondsAgo(3590) },
    report: {
      role: role === 'primary' ? role : 'standby',
      ...{ runs: true, follows: role === 'replica', term: 1, pendingRestart: false },
    },
    ...changes,
  };
}

/** The same member with another report about itself. */
export function saying(pod: MemberPod, report: Partial<MemberReport>): MemberPod {
  return { ...pod, report: { ...pod.report!, ...report } };
}

/** A member whose settings wait for a restart. */
export function waitingFor(pod: MemberPod, name: string, runs: string, wanted: string): MemberPod {
  return saying(pod, { pendingRestart: true, waiting: [waitingSetting(name, runs, wanted)] });
}

/** A claim that is as the Database asks for. */
export function claim(ordinal: number, changes: Partial<Claim> = {}): Claim {
  return {
    name: `data-orders-${ordinal}`,
    ordinal,
    uid: `uid-of-claim-${ordinal}`,
    resourceVersion: `20${ordinal}`,
    requested: 10n * 2n ** 30n,
    capacity: 10n * 2n ** 30n,
    storageClassName: 'fast',
    deleting: false,
    owner: UID,
    systemIdentifier: SYSTEM,
    conditions: new Map(),
    ...changes,
  };
}

/** A lock that was taken half an hour ago and renewed a moment ago. */
export function lock(name: string | undefined, changes: Partial<Leader> = {}): Leader {
  return {
    resourceVersion: '300',
    ...(name !== undefined && { member: name }),
    acquiredAt: secondsAgo(1800),
    renewedAt: secondsAgo(3),
    transitions: 0,
    ...changes,
  };
}

/** A StatefulSet whose own controller has seen all of it. */
export function workload(replicas: number, changes: Partial<Workload> = {}): Workload {
  return {
    uid: 'uid-of-set',
    resourceVersion: '400',
    generation: 1,
    observedGeneration: 1,
    replicas,
    updateRevision: 'new',
    deleting: false,
    ...changes,
  };
}

const SECRETS = ['superuser', 'replication', 'app', 'tls', 'ca'];

/** The Secrets of orders, all there and in force. */
export const CREDENTIALS: NonNullable<Observation['credentials']> = {
  present: new Map(
    SECRETS.map((end, index) => [`orders-${end}`, { uid: `s-${index}`, resourceVersion: `50${index}`, mark: UID }]),
  ),
  inForce: true,
};

/** The differences from a healthy Database; `own` only in part. */
export type Changes = Partial<Omit<Observation, 'own'>> & {
  readonly spec?: Partial<Database['spec']>;
  readonly own?: Partial<Observation['own']>;
};

/** A Database with so many members that is all it should be and has nothing to be done about it: orders-0 leads. */
export function healthy(members: number, { spec, own, ...changes }: Changes = {}): Observation {
  const ordinals = Array.from({ length: members }, (_, ordinal) => ordinal);
  const base: Observation = {
    own: {
      database: database({ replicas: members, ...spec }),
      uid: UID,
      resourceVersion: '1',
      generation: 1,
      annotations: {},
      finalizers: [FINALIZER],
      createdAt: secondsAgo(7200),
      ...own,
    },
    control: CONTROLS[spec?.engine ?? own?.database?.spec.engine ?? 'postgresql'],
    settings: NO_SETTINGS,
    problems: [],
    workload: workload(members),
    pods: ordinals.map((ordinal) => member(ordinal, ordinal === 0 ? 'primary' : 'replica')),
    claims: ordinals.map((ordinal) => claim(ordinal)),
    leader: lock('orders-0'),
    synchronous: ordinals.slice(1).map((ordinal) => `orders-${ordinal}`),
    children: [],
    backupJobs: [],
    backups: [],
    restores: [],
    credentials: CREDENTIALS,
    namespaceHasOtherProtected: false,
  };
  const patroni = { resourceVersion: '310', config: {}, systemIdentifier: SYSTEM };
  return { ...base, patroni: { ...patroni, config: plainConfiguration({ ...base, patroni }) }, ...changes };
}

/** The same without one part, as if it had not been seen. */
export function without(seen: Observation, part: 'workload' | 'patroni' | 'leader' | 'credentials'): Observation {
  return Object.fromEntries(Object.entries(seen).filter(([name]) => name !== part)) as unknown as Observation;
}

/** Another configuration than is asked for, or one that was written at some time. */
export function configured(seen: Observation, config: object, configuredAt?: Date): Observation {
  const patroni = { ...seen.patroni!, config: { ...seen.patroni!.config, ...config } };
  return { ...seen, patroni: { ...patroni, ...(configuredAt && { configuredAt }) } };
}
