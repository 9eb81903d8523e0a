import type { Settings } from '../../database/types.ts';
import { termOf } from '../facts/members.ts';
import type { CredentialsSeen, Leader, Observation } from '../observation.ts';
import type { DatabaseKept } from './database.ts';
import { checkDatabase, isProtected } from './database.ts';
import type { Memory, Remembered } from './memory.ts';
import type { ConfigMapKept, Said } from './patroni.ts';
import { configIn, leaderIn } from './patroni.ts';
import { podOf } from './pod.ts';
import { present } from './raw.ts';
import { compare, renderingOf } from './rendering.ts';
import type { Watches } from './watches.ts';

/** On a Database: the controller applies what it renders, not somebody else from Git. */
const APPLY = 'db.example.com/apply';

/** What one look at a Database works with. */
export interface Looking {
  readonly watches: Watches;
  readonly memory: Memory;
  readonly settings: Settings;
  /** Whether the controller applies what it renders for every Database. */
  readonly appliesAll: boolean;
}

/** What was seen of a Database, and what is remembered of it. */
export interface Looked {
  readonly kept: DatabaseKept;
  readonly seen: Observation;
  readonly remembered: Remembered;
}

const byOrdinal = (a: { readonly ordinal: number }, b: { readonly ordinal: number }): number => a.ordinal - b.ordinal;

function patroniOf(
  configMaps: readonly ConfigMapKept[],
): Pick<Observation, 'leader' | 'patroni' | 'switchover' | 'synchronous'> {
  const find = <In extends Said['in']>(part: In): Extract<Said, { in: In }> | undefined =>
    configMaps.map(({ said }) => said).find((said): said is Extract<Said, { in: In }> => said?.in === part);
  const config = configMaps.find(({ said }) => said?.in === 'config');
  return {
    synchronous: find('sync')?.synchronous ?? [],
    ...present({
      leader: leaderIn(find('leader')),
      switchover: find('failover')?.switchover,
      patroni: configIn(config),
    }),
  };
}

function membersOf(watches: Watches, owner: string): Pick<Observation, 'pods' | 'claims' | 'workload' | 'backup'> {
  const claims = watches.claims.indexed(owner).flatMap(({ claim }) => (claim ? [claim] : []));
  const pods = watches.pods.indexed(owner).map(podOf);
  return {
    pods: pods.sort(byOrdinal),
    claims: claims.sort(byOrdinal),
    ...present({
      workload: watches.statefulSets.get(owner)?.workload,
      backup: watches.cronJobs.indexed(owner)[0]?.cron,
    }),
  };
}

function clusterOf(
  watches: Watches,
  { namespace, owner }: DatabaseKept,
  className: string | undefined,
): Pick<Observation, 'namespaceHasOtherProtected' | 'namespaceProtected' | 'storageClass'> {
  const { namespaces, storageClasses, databases } = watches;
  return {
    namespaceHasOtherProtected: databases
      .indexed(namespace)
      .some((other) => other.owner !== owner && isProtected(other)),
    ...present({
      namespaceProtected: namespaces && (namespaces.get(namespace)?.isProtected ?? false),
      storageClass: className === undefined ? undefined : storageClasses?.get(className),
    }),
  };
}

/** A standby that takes over may lack what its primary was told last: what the one said does not hold for the other. */
function credentialsOf({ credentials, askedOf }: Remembered, leader: Leader | undefined): CredentialsSeen | undefined {
  return credentials && { ...credentials, inForce: credentials.inForce && askedOf === termOf(leader) };
}

function cutOf(watches: Watches, owner: string): readonly string[] | undefined {
  const cut = watches.cutOf(owner);
  return cut.length > 0 ? cut : undefined;
}

/** Whether the controller applies this Database's objects itself. */
function isDirect({ annotations }: DatabaseKept, { appliesAll }: Looking): boolean {
  return appliesAll || annotations[APPLY] === 'true';
}

/**
 * Gathers everything that decisions about one Database are made from. Undefined when there is no such Database; `later`
 * while what it takes is not known yet.
 */
export function look(owner: string, looking: Looking, now: Date): Looked | 'later' | undefined {
  const { watches, memory, settings } = looking;
  const kept = watches.databases.get(owner);
  if (!kept) return undefined;
  if (watches.holdings.isCatchingUp(owner)) return 'later';
  const direct = isDirect(kept, looking);
  const needsAll = direct || kept.deletionRequestedAt !== undefined;
  if (needsAll && !watches.wantRendered()) return 'later';
  const { own, problems } = checkDatabase(kept, now);
  const remembered = memory.of(owner, kept.uid);
  const members = membersOf(watches, owner);
  const children = watches.childrenOf(owner);
  const patroni = patroniOf(watches.configMaps.indexed(owner));
  const rendering = direct && problems.length === 0 ? renderingOf(own, settings, remembered) : undefined;
  const className = members.claims[0]?.storageClassName;
  const seen: Observation = {
    own,
    settings,
    problems,
    ...members,
    ...patroni,
    ...clusterOf(watches, kept, className),
    children,
    ...present({
      failure: remembered.failure,
      cut: cutOf(watches, owner),
      credentials: credentialsOf(remembered, patroni.leader),
      rendered: rendering && compare(rendering, children, remembered.applied),
    }),
  };
  return { kept, seen, remembered };
}
