import { isDeepStrictEqual } from 'node:util';
import { quantityOf } from '../../../database/resolve.ts';
import { wholeValue } from '../../../database/values/quantity.ts';
import { CONFIRM_DELETE, OWNER, ROLE_LABEL } from '../../../database/vocabulary.ts';
import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import { part } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Mode } from '../../../lab/world/stage.ts';
import { KEY, NAME, NAMESPACE } from '../../../lab/world/stage.ts';

/** A write, and the world in which it has just taken effect. */
interface Moment {
  readonly write: RecordedWrite;
  readonly scene: Scene;
  readonly mode: Mode;
}

/** Something that no write may do, whatever the controller saw. */
interface Harm {
  readonly what: string;
  readonly isDone: (moment: Moment) => boolean;
}

function isConfirmed({ scene }: Moment): boolean {
  const database = scene.fake.get('Database', KEY);
  const isNamed = database?.metadata.annotations?.[CONFIRM_DELETE] === NAME;
  return isNamed && part(database, 'spec')['deletionPolicy'] === 'Delete';
}

/** Whether the Database is deleted, and nothing holds that. */
function isGoing(moment: Moment): boolean {
  const database = moment.scene.fake.get('Database', KEY);
  const isRetained = part(database, 'spec')['deletionPolicy'] === 'Retain';
  return database?.metadata.deletionTimestamp !== undefined && (isRetained || isConfirmed(moment));
}

/** Kinds that the controller does not write in GitOps mode, where another tool applies the manifests. */
const RENDERED: ReadonlySet<string> = new Set([
  ...['StatefulSet', 'Service', 'ServiceAccount', 'Role', 'RoleBinding', 'PodDisruptionBudget', 'NetworkPolicy'],
  ...['CronJob', 'Deployment', 'ServiceMonitor', 'PrometheusRule'],
]);

/** What a claim asks for beside its size. */
function besideSize(claim: RecordedWrite['after']): object | undefined {
  return claim && { ...part(claim, 'spec'), resources: undefined };
}

/** Bytes that a claim asks for; 0 for none. */
function sizeOf(claim: RecordedWrite['after']): bigint {
  const { requests } = (claim ? part(claim, 'spec')['resources'] : {}) as { requests?: { storage?: string } };
  const size = quantityOf(requests?.storage ?? '0');
  return size ? wholeValue(size) : 0n;
}

function isRendered({ kind, key, before, after }: RecordedWrite): boolean {
  if (kind === 'ConfigMap') return key === `${KEY}-settings`;
  // A claim is marked, and grows; it is neither made nor changed otherwise.
  if (kind === 'PersistentVolumeClaim') return !isDeepStrictEqual(besideSize(before), besideSize(after));
  return RENDERED.has(kind);
}

/** Whether the process that held the leader lock before the write still runs. */
function hadLivingLeader({ write, scene }: Moment): boolean {
  const leader = write.before?.metadata.annotations?.['leader'];
  return leader !== undefined && scene.cluster.patroni.lives(scene.cluster.groupOf(NAMESPACE, NAME), leader);
}

const roleIn = (object: RecordedWrite['after']): string | undefined => object?.metadata.labels?.[ROLE_LABEL];

const HARMS: readonly Harm[] = [
  {
    what: 'data go without a confirmed deletion',
    isDone: (moment) =>
      moment.write.verb === 'delete' &&
      ['PersistentVolumeClaim', 'Secret'].includes(moment.write.kind) &&
      !(isGoing(moment) && isConfirmed(moment)),
  },
  {
    what: 'data of another Database go',
    isDone: ({ write: { verb, kind, before }, scene }) =>
      verb === 'delete' &&
      kind === 'PersistentVolumeClaim' &&
      before?.metadata.annotations?.[OWNER] !== scene.fake.get('Database', KEY)?.metadata.uid,
  },
  {
    what: 'a volume is asked to be smaller',
    isDone: ({ write: { kind, before, after } }) =>
      kind === 'PersistentVolumeClaim' && after !== undefined && sizeOf(after) < sizeOf(before),
  },
  {
    what: 'the StatefulSet is scaled by itself',
    isDone: (moment) => moment.write.kind === 'StatefulSet' && moment.write.subresource === 'scale' && !isGoing(moment),
  },
  {
    what: 'the StatefulSet goes',
    isDone: (moment) => moment.write.kind === 'StatefulSet' && moment.write.verb === 'delete' && !isGoing(moment),
  },
  {
    what: 'a rendered object is touched in GitOps mode',
    isDone: (moment) => moment.mode === 'gitops' && isRendered(moment.write) && !isGoing(moment),
  },
  {
    what: 'the lock of a living primary is freed',
    isDone: (moment) =>
      moment.write.key === `${KEY}-leader` &&
      moment.write.after !== undefined &&
      moment.write.after.metadata.annotations?.['leader'] === undefined &&
      hadLivingLeader(moment),
  },
  {
    what: 'the label of the primary is taken',
    isDone: ({ write: { kind, before, after }, scene }) => {
      const isTaken = kind === 'Pod' && roleIn(before) === 'primary' && after && roleIn(after) !== 'primary';
      const holder = scene.cluster.patroni.holder(scene.cluster.groupOf(NAMESPACE, NAME));
      return isTaken === true && holder?.metadata.uid === after.metadata.uid;
    },
  },
];

/** The harm that a write has done. */
export function harmsOf(moment: Moment): string[] {
  const { verb, kind, key } = moment.write;
  return HARMS.filter(({ isDone }) => isDone(moment)).map(({ what }) => `${what}: ${verb} ${kind} ${key}`);
}
