import { APPLY } from '../../../database/vocabulary.ts';
import type { Settings } from '../../../database/types.ts';
import { names } from '../../../generator/names.ts';
import { termOf } from '../state/members.ts';
import { keyOf, nameOf } from '../../../kubernetes/objects.ts';
import type { Hold } from '../../runtime/hold.ts';
import type { Look, LookResult, StoredObject } from '../../runtime/reconciler.ts';
import type { CredentialsSeen, Leader, Observation } from '../observation.ts';
import { withStandingAccount } from './standing-account.ts';
import type { DatabaseProjection, DatabaseVerdict } from '../../cluster/database.ts';
import { isProtected, verdictOn, withVerdict } from '../../cluster/database.ts';
import type { Memory, DatabaseMemory } from './memory.ts';
import { CONTROLS, clusterStateIn } from '../../engines/index.ts';
import { podOf } from '../../cluster/pod.ts';
import { withoutAbsent } from '../../cluster/json-path.ts';
import { requestsOf, restoreRequest, scheduledRunOf, toldOfBackups } from './backups.ts';
import { compare, renderingOf } from './rendering.ts';
import { unprovenDeletion } from './unproven.ts';
import type { Watches } from '../../cluster/watches.ts';
import { repositoryOf } from '../../../generator/repository.ts';

/** Dependencies of one look at a Database. */
export interface LookOptions {
  readonly watches: Watches;
  readonly memory: Memory;
  readonly settings: Settings;
  /** Whether the controller applies the manifests of every Database. */
  readonly appliesAll: boolean;
  /** Whether a Database may ask for direct mode by an annotation. */
  readonly applyAllowed: boolean;
}

/** The observation of a Database, and its memory. */
export interface DatabaseLook extends Look {
  readonly seen: Observation;
  readonly remembered: DatabaseMemory;
}

/** Milliseconds until the next search for room for a Database that was set aside. */
const ASIDE_MS = 301_000;

/** A Database as the runtime handles it. */
export function storedDatabase(kept: DatabaseProjection): StoredObject {
  const { owner: key, namespace, name, uid, resourceVersion, generation, status } = kept;
  return { key, namespace, name, uid, resourceVersion, generation, ...withoutAbsent({ status }) };
}

/** The hold of a Database that was set aside. */
function beyondShare(namespace: string): Hold {
  const message = `the namespace ${namespace} holds more than its share of the controller's memory, and nothing is done about this Database; take away Databases and labelled objects that nobody needs, or give the controller more memory`;
  return { reason: 'BeyondShare', message };
}

const byOrdinal = (a: { readonly ordinal: number }, b: { readonly ordinal: number }): number => a.ordinal - b.ordinal;

function backupKey(owner: string): string {
  const { namespace, name } = nameOf(owner);
  return keyOf({ namespace, name: names.backup(name) });
}

function membersOf(watches: Watches, owner: string): Pick<Observation, 'pods' | 'claims' | 'workload' | 'backup'> {
  const claims = watches.claims.indexed(owner).flatMap(({ claim }) => (claim ? [claim] : []));
  const pods = watches.pods.indexed(owner).map(podOf);
  // Checks all of Ballast's labels: another tool may have set only the first of them on an object of this name.
  const set = watches.statefulSets.get(owner);
  const cron = watches.cronJobs.get(backupKey(owner));
  return {
    pods: pods.sort(byOrdinal),
    claims: claims.sort(byOrdinal),
    ...withoutAbsent({
      workload: set?.mark === undefined ? undefined : set.workload,
      backup: cron?.mark === undefined ? undefined : cron.cron,
    }),
  };
}

function clusterOf(
  watches: Watches,
  { namespace, owner }: DatabaseProjection,
  className: string | undefined,
): Pick<Observation, 'namespaceHasOtherProtected' | 'namespaceGuard' | 'storageClass'> {
  const { namespaces, storageClasses, databases } = watches;
  return {
    namespaceHasOtherProtected: databases
      .indexed(namespace)
      .some((other) => other.owner !== owner && isProtected(other)),
    ...withoutAbsent({
      namespaceGuard: namespaces && (namespaces.get(namespace)?.guard ?? 'none'),
      storageClass: className === undefined ? undefined : storageClasses?.get(className),
    }),
  };
}

/** Passwords were verified against one primary; after a failover they must be verified again. */
function credentialsOf(
  { credentials, askedOf }: DatabaseMemory,
  leader: Leader | undefined,
): CredentialsSeen | undefined {
  return credentials && { ...credentials, inForce: credentials.inForce && askedOf === termOf(leader) };
}

function cutOf(watches: Watches, owner: string): readonly string[] | undefined {
  const cut = watches.cutOf(owner);
  return cut.length > 0 ? cut : undefined;
}

const DIRECT: ReadonlySet<string | undefined> = new Set(['true', 'adopt']);

/** Whether the controller applies this Database's objects itself; `refused` when the installation does not allow it. */
function isDirect({ annotations }: DatabaseProjection, { appliesAll, applyAllowed }: LookOptions): boolean | 'refused' {
  if (appliesAll) return true;
  return DIRECT.has(annotations[APPLY]) && (applyAllowed || 'refused');
}

/** Gathers everything that decisions about one Database depend on. */
export function look(owner: string, looking: LookOptions, now: Date): LookResult<DatabaseLook> {
  const { watches } = looking;
  const kept = watches.databases.get(owner);
  if (!kept) return { is: 'gone' };
  if (kept.aside) {
    if (watches.holdings.readmit(owner)) return { is: 'not known yet' };
    return { is: 'held', object: storedDatabase(kept), hold: beyondShare(kept.namespace), againMs: ASIDE_MS };
  }
  if (watches.holdings.isCatchingUp(owner)) return { is: 'not known yet' };
  const asked = isDirect(kept, looking);
  const needsAll = asked === true || kept.deletionRequestedAt !== undefined;
  if (needsAll && !watches.wantRendered()) return { is: 'not known yet' };
  return { is: 'seen', look: lookAt(kept, asked, { ...looking, now }) };
}

/** Milliseconds for which a verdict is valid: rules may depend on the time, such as a moment to recover to that must lie in the past. */
const VERDICT_MS = 60_000;

/** The verdict of the rules on a Database; computed again when its inputs or the minute changed. */
function verdictOf(kept: DatabaseProjection, { verdicts }: DatabaseMemory, now: Date): DatabaseVerdict {
  const { namespace, name, annotations, spec } = kept;
  const minute = Math.floor(now.getTime() / VERDICT_MS);
  return verdicts.of(JSON.stringify([minute, namespace, name, annotations, spec]), () => verdictOn(kept, now));
}

/** A Database by itself, without its objects. */
export interface DatabaseAtRest extends Pick<Observation, 'own' | 'problems' | 'control'> {
  readonly members: ReturnType<typeof membersOf>;
}

function atRest(kept: DatabaseProjection, { watches, memory }: LookOptions, now: Date): DatabaseAtRest {
  const { owner, uid } = kept;
  const { own, problems } = withVerdict(kept, verdictOf(kept, memory.of(owner, uid), now));
  const members = membersOf(watches, owner);
  const { engine } = own.database.spec;
  return { own: withStandingAccount(own, members), problems, control: CONTROLS[engine], members };
}

/** Checks a Database, as it is rendered; undefined when it is absent, or set aside. */
export function databaseAtRest(owner: string, looking: LookOptions, now: Date): DatabaseAtRest | undefined {
  const kept = looking.watches.databases.get(owner);
  return kept && !kept.aside ? atRest(kept, looking, now) : undefined;
}

function lookAt(
  kept: DatabaseProjection,
  asked: boolean | 'refused',
  { now, ...looking }: LookOptions & { readonly now: Date },
): DatabaseLook {
  const { watches, memory, settings } = looking;
  const { owner } = kept;
  const remembered = memory.of(owner, kept.uid);
  const { own, problems, control, members } = atRest(kept, looking, now);
  const children = watches.childrenOf(owner);
  const cluster = clusterStateIn(watches.configMaps.indexed(owner));
  const rendering = asked === true && problems.length === 0 ? renderingOf(own, settings, remembered) : undefined;
  const { list: backupList, verification } = toldOfBackups(watches, owner) ?? {};
  const observed: Observation = {
    own,
    control,
    settings,
    problems,
    ...members,
    ...cluster,
    ...clusterOf(watches, kept, members.claims[0]?.storageClassName),
    children,
    ...requestsOf(watches, owner, now),
    ...remembered.progress.history(),
    ...withoutAbsent({
      applyRefused: asked === 'refused' ? true : undefined,
      scheduledBackupRuns: scheduledRunOf(watches, owner) === undefined ? undefined : true,
      cut: cutOf(watches, owner),
      repository: problems.length === 0 ? repositoryOf(own.database) : undefined,
      backupList,
      restoreRequest: restoreRequest(watches, owner),
      verification,
      credentials: credentialsOf(remembered, cluster.leader),
      rendered: rendering && compare(rendering.objects, children, remembered),
    }),
  };
  const seen = { ...observed, ...unprovenDeletion(observed, now) };
  return { object: storedDatabase(kept), progress: remembered.progress, seen, remembered };
}
