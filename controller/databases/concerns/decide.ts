import type { Decision } from '../decision.ts';
import type { Observation } from '../observation.ts';
import { statusOf } from '../status/status.ts';
import { nextLook } from '../status/next-look.ts';
import { applyAccess, applyRendered, holdTaken, removeUnrendered } from './apply.ts';
import type { Choice, Concern, TableChoice } from './concern.ts';
import { operationUnderWay } from '../operations/index.ts';
import { nextOf } from '../operations/operation.ts';
import { chooseFrom } from './concern.ts';
import { recordBackups, requestBackup, requestFirstBackup } from './backups.ts';
import { growClaims, markClaims } from './claims.ts';
import { configure } from './configuration.ts';
import { createSecrets, keepCertificate, keepPasswords } from './credentials.ts';
import { awaitSwitchover, switchOver } from './switchover.ts';
import { releaseLockOfDeadLeader, relabelFormerPrimary } from './leader.ts';
import { addFinalizer, guardData, holdForeignVolumes, holdInvalid, protectNamespace } from './guards.ts';
import { backUpAroundRestore } from './restores.ts';
import { replaceBroken, rollOut } from './rollout.ts';

/** The next step of the operation under way. */
function runOperation(seen: Observation, now: Date): Choice | undefined {
  const operation = operationUnderWay(seen);
  return operation && nextOf(operation, seen, now);
}

/**
 * All concerns, the most pressing first: the first row with a step decides. A step that fails again and again is set aside between its
 * tries, and later rows go on, unless they depend on it.
 */
export const CONCERNS: readonly Concern[] = [
  {
    name: 'the holder of the leader lock is proven dead',
    why: 'writes fail until somebody leads: every second counts, and nothing depends on what the Database asks for',
    choose: releaseLockOfDeadLeader,
    whenRefused: 'go on',
  },
  {
    name: 'a pod that leads no more has the label of the primary',
    why: 'writes go to a pod that refuses them',
    choose: relabelFormerPrimary,
    whenRefused: 'go on',
  },
  {
    name: 'the label of the namespace differs from what its Databases need',
    why: 'a deletion must be refused in time',
    choose: protectNamespace,
    whenRefused: 'go on',
  },
  {
    name: 'the Database has no finalizer',
    why: 'a deletion must be seen',
    choose: addFinalizer,
    whenRefused: 'go on',
  },
  {
    name: 'an operation is under way',
    why: 'it has the Database to itself, and nothing else is done',
    choose: runOperation,
    whenRefused: 'hold',
  },
  {
    name: 'the volumes are those of another Database',
    why: 'nothing is done on them',
    choose: holdForeignVolumes,
    whenRefused: 'hold',
  },
  {
    name: 'a claim does not say whose data it holds',
    why: 'before there is any: a claim without a note is taken for that of another',
    choose: markClaims,
    whenRefused: 'go on',
  },
  {
    name: 'a name of this Database is taken by an object of another',
    why: 'from here on objects are made under these names',
    choose: holdTaken,
    whenRefused: 'hold',
  },
  {
    name: 'direct mode: ServiceAccount, Role or RoleBinding differs',
    why: 'the right to read the Secrets is among what is applied',
    choose: applyAccess,
    whenRefused: 'go on',
  },
  {
    name: 'the Secrets are unread, or the certificate is due',
    why: 'goes on for a Database that breaks rules',
    choose: keepCertificate,
    whenRefused: 'go on',
  },
  {
    name: 'nothing guards the namespace, and it may hold data',
    why: 'before there are any; for a Database that breaks rules too',
    choose: guardData,
    whenRefused: 'go on',
  },
  {
    name: 'the spec breaks rules',
    why: 'from here on the spec is acted upon',
    choose: holdInvalid,
    whenRefused: 'hold',
  },
  {
    name: 'a Secret is absent',
    why: 'before the workload: pods that find none try again late',
    choose: createSecrets,
    whenRefused: 'go on',
  },
  {
    name: 'GitOps mode: a volume is smaller than asked for',
    why: 'a sync may leave the sizes of existing claims alone',
    choose: growClaims,
    whenRefused: 'go on',
  },
  {
    name: 'direct mode: an object differs from what is rendered',
    why: 'in the order of rendering',
    choose: applyRendered,
    whenRefused: 'go on',
  },
  {
    name: 'direct mode: an object is rendered no more',
    why: 'after what replaces it',
    choose: removeUnrendered,
    whenRefused: 'go on',
  },
  {
    name: 'a member of an older template, or with an older password, does not serve',
    why: 'a change that broke members can be taken back even while nobody leads; who cannot log in will never follow',
    choose: replaceBroken,
    whenRefused: 'go on',
  },
  {
    name: 'a switchover is under way',
    why: 'from here on the primary matters, so it must not be changing',
    choose: awaitSwitchover,
    whenRefused: 'hold',
  },
  {
    name: 'another member is to lead',
    why: 'before the configuration, which would take back what it overrides for this',
    choose: switchOver,
    whenRefused: 'go on',
  },
  {
    name: 'the dynamic configuration differs',
    why: 'before restarts, which bring it in force',
    choose: configure,
    whenRefused: 'go on',
  },
  {
    name: 'members are to be recreated or restarted',
    why: 'one at a time, all others serving',
    choose: rollOut,
    whenRefused: 'go on',
  },
  {
    name: 'passwords are not in force, or new ones are asked for',
    why: 'late: a person may have to help, and nothing waits for it',
    choose: keepPasswords,
    whenRefused: 'go on',
  },
  {
    name: 'no backup was ever made where backups are kept',
    why: 'after the members archive; the backup makes the repository',
    choose: requestFirstBackup,
    whenRefused: 'go on',
  },
  {
    name: 'a backup is asked for',
    why: 'a DatabaseBackup is made of the annotation, and waits by itself',
    choose: requestBackup,
    whenRefused: 'go on',
  },
  {
    name: 'data that a restore in place replaces, or has restored, are not backed up',
    why: 'the restore begins once the backup before it has succeeded',
    choose: backUpAroundRestore,
    whenRefused: 'go on',
  },
  {
    name: 'the DatabaseBackups are not those of the repository',
    why: 'last: they only show what there is',
    choose: recordBackups,
    whenRefused: 'go on',
  },
];

/** The first step of any concern; without one, the first wait. */
export function choose(seen: Observation, now: Date): TableChoice | undefined {
  return chooseFrom(CONCERNS, seen, now);
}

/** Chooses the single next step, and computes the status. Pure: the same observation gives the same decision. */
export function decide(seen: Observation, now: Date): Decision {
  const choice = choose(seen, now);
  const status = statusOf(seen, choice, now);
  const seconds = nextLook(seen, choice, now);
  return {
    ...(choice?.step && { step: choice.step }),
    ...(choice && { because: choice.because, concern: choice.concern }),
    status,
    ...(seconds !== undefined && { lookAgainAfterSeconds: seconds }),
  };
}
