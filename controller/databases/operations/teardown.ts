import { FINALIZER } from '../../../database/vocabulary.ts';
import { names } from '../../../generator/names.ts';
import { nameOf } from '../state/database.ts';
import { isMarkOf, isOwn } from '../state/ownership.ts';
import { foreignClaims, isForeign } from '../state/volumes.ts';
import type { ObjectToDelete } from '../decision.ts';
import type { ManagedObject, Observation } from '../observation.ts';
import { objectToDelete, isExpendable, isPatroniConfigMap, isSchedule } from '../concerns/managed-objects.ts';
import type { Choice, Do } from '../concerns/concern.ts';
import { firstOf } from '../concerns/concern.ts';
import { markClaims } from '../concerns/claims.ts';
import { deletionConfirmed } from './gates/deletion-confirmed.ts';
import { deletionProtected } from './gates/deletion-protected.ts';
import { deletionProven } from './gates/deletion-proven.ts';
import type { Operation } from './operation.ts';

function remove(child: ObjectToDelete, why: string): Do {
  return { step: { do: 'delete', object: objectToDelete(child) }, because: `${child.kind} ${child.name} ${why}` };
}

/** Finalizers of other tools hold the Database after the teardown is complete. */
function awaitOthers({ own }: Observation): Choice | undefined {
  return own.finalizers.includes(FINALIZER) ? undefined : { because: 'others hold the Database', stops: true };
}

/** Marks the volumes with their owner first; volumes of another Database are left alone. */
function noteOwner(seen: Observation): Choice | undefined {
  return foreignClaims(seen).length > 0 ? undefined : markClaims(seen);
}

/** Removes the schedules of backups, so that no new one begins, and ends the runs: their pods would hold the volume of the backups. */
function stopBackups(seen: Observation): Choice | undefined {
  const startsBackups = (child: ManagedObject): boolean =>
    child.kind === 'CronJob' && (isOwn(seen, child) || isSchedule(seen, child));
  const schedules = seen.children.filter((child) => !child.deleting && startsBackups(child));
  return firstOf(seen, [
    ...schedules.map((one) => remove(one, 'would start backups')),
    ...seen.backupJobs.map((job) => remove(job, 'makes a backup of what goes')),
  ]);
}

/** Ends the members in order, and Patroni's writes with them. */
function stopMembers({ workload, pods }: Observation): Choice | undefined {
  if (workload && workload.replicas > 0) {
    const { uid, resourceVersion } = workload;
    return { step: { do: 'scale', replicas: 0, uid, resourceVersion }, because: 'the members are to stop' };
  }
  if (pods.length === 0) return undefined;
  return { because: `${pods.map(({ name }) => name).join(', ')} stop`, stops: true };
}

/** Deletes the StatefulSet, which has no pods any more. */
function removeWorkload(seen: Observation): Choice | undefined {
  const { workload } = seen;
  if (!workload) return undefined;
  const { uid, resourceVersion, deleting } = workload;
  if (deleting) return { because: 'the StatefulSet goes', stops: true };
  const object = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: nameOf(seen), uid, resourceVersion };
  return { step: { do: 'orphan', object }, because: 'its members have stopped' };
}

/** Deletes the Deployment that serves a volume of backups. */
function stopRepository(seen: Observation): Choice | undefined {
  const running = seen.children.find((child) => child.kind === 'Deployment' && !child.deleting && isOwn(seen, child));
  return running && remove(running, 'holds the volume of the backups');
}

/** The Role by which the controller reads and deletes this Database's Secrets. */
function roleOf(seen: Observation): ManagedObject | undefined {
  const name = names.controllerRole(nameOf(seen));
  return seen.children.find((child) => child.kind === 'Role' && child.name === name && isOwn(seen, child));
}

function removeOthers(seen: Observation): Choice | undefined {
  // A restore in place that was under way would hold the members of the next Database of this name.
  const request = names.restore(nameOf(seen));
  const isRequest = ({ kind, name }: ManagedObject): boolean => kind === 'ConfigMap' && name === request;
  const others = seen.children.filter(
    (child) =>
      isExpendable(seen, child) || isPatroniConfigMap(seen, child) || isSchedule(seen, child) || isRequest(child),
  );
  const there = others.filter(({ deleting }) => !deleting);
  // The Role first, because its presence means that the Secrets are not done; Patroni's state last, because it tells what happened.
  const role = roleOf(seen);
  const inOrder = [
    ...there.filter((one) => one === role),
    ...there.filter((one) => one !== role && !isPatroniConfigMap(seen, one)),
    ...there.filter((one) => one !== role && isPatroniConfigMap(seen, one)),
  ];
  const first = firstOf(
    seen,
    inOrder.map((child) => remove(child, 'belongs to the workload')),
  );
  if (first) return first;
  return others.length > 0 ? { because: `${others.map(({ name }) => name).join(', ')} go`, stops: true } : undefined;
}

/** Deletes the claims that this Database has marked as its own, and the claim of its backups. */
function removeClaims(seen: Observation): Choice | undefined {
  const owned = new Set(seen.claims.filter(({ owner }) => owner === seen.own.uid).map(({ name }) => name));
  const own = seen.children.filter(
    (child) => child.kind === 'PersistentVolumeClaim' && (owned.has(child.name) || isOwn(seen, child)),
  );
  const there = own.filter(({ deleting }) => !deleting);
  const first = firstOf(
    seen,
    there.map((child) => remove(child, 'goes with the Database, as was confirmed')),
  );
  if (first) return first;
  return own.length > 0 ? { because: `${own.map(({ name }) => name).join(', ')} go`, stops: true } : undefined;
}

/** Deletes the Secrets that Ballast made; a user-supplied Secret stays, and so does the passphrase of backups, which may lie elsewhere. */
function removeSecrets(seen: Observation): Choice | undefined {
  const { credentials } = seen;
  if (!credentials) return { step: { do: 'read-credentials' }, because: 'the Secrets have not been read yet' };
  const kept = names.backupKeySecret(nameOf(seen));
  const made = [...credentials.present].filter(([name, { mark }]) => name !== kept && isMarkOf(seen, mark));
  return firstOf(
    seen,
    made.map(([name, { uid, resourceVersion }]) => ({
      step: { do: 'delete', object: { apiVersion: 'v1', kind: 'Secret', name, uid, resourceVersion } },
      because: `Secret ${name} goes with the Database, as was confirmed`,
    })),
  );
}

/** Whether data are deleted too; a gate requires the confirmation. */
function takesData({ own }: Observation): boolean {
  return own.database.spec.deletionPolicy === 'Delete';
}

/** Deletes data and credentials after a confirmation, and never those of another Database. */
function removeData(seen: Observation): Choice | undefined {
  if (!takesData(seen) || foreignClaims(seen).length > 0) return undefined;
  const othersNeedThem = seen.claims.some((claim) => isForeign(seen, claim));
  return removeClaims(seen) ?? (othersNeedThem || !roleOf(seen) ? undefined : removeSecrets(seen));
}

function letGo(): Choice {
  return { step: { do: 'remove-finalizer' }, because: 'nothing is left to take away' };
}

/** The deletion of a Database according to its policy. */
export const teardown: Operation = {
  name: 'teardown',
  title: 'the deletion',
  isWanted: ({ own }) => own.deletionRequestedAt !== undefined,
  gates: [deletionProtected, deletionConfirmed, deletionProven],
  way: [
    {
      name: 'others hold the Database',
      why: 'without its finalizer the controller has nothing to say any more',
      choose: awaitOthers,
      whenRefused: 'hold',
    },
    {
      name: 'a claim does not say whose data it holds',
      why: 'before there is no Database left that could tell',
      choose: noteOwner,
      whenRefused: 'hold',
    },
    {
      name: 'backups begin by themselves',
      why: 'no new one begins of what goes; one that does harms nothing, so nothing waits for it',
      choose: stopBackups,
      whenRefused: 'go on',
    },
    {
      name: 'members run',
      why: 'they end in order, while all that they need is there',
      choose: stopMembers,
      whenRefused: 'hold',
    },
    {
      name: 'the StatefulSet stands',
      why: 'it is orphaned, which is harmless once its pods have gone',
      choose: removeWorkload,
      whenRefused: 'hold',
    },
    {
      name: 'the repository of the backups runs',
      why: 'its pod holds their volume, and no member sends anything there any more',
      choose: stopRepository,
      whenRefused: 'hold',
    },
    {
      name: 'data and Secrets are to go, as was confirmed',
      why: 'while the Role by which the controller reads the Secrets stands',
      choose: removeData,
      whenRefused: 'hold',
    },
    {
      name: 'other objects bear its name',
      why: "the Role first, because it says that the Secrets are not done; Patroni's state last, because it tells what happened",
      choose: removeOthers,
      whenRefused: 'hold',
    },
    {
      name: 'the finalizer holds the Database',
      why: 'nothing is left to take away',
      choose: letGo,
      whenRefused: 'hold',
    },
  ],
};
