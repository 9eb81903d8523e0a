import type { Decision } from '../decision.ts';
import type { Observation } from '../observation.ts';
import { statusOf } from '../status/status.ts';
import { nextLook } from '../status/next-look.ts';
import { applyAccess, applyRendered, holdTaken, removeUnrendered } from './apply.ts';
import type { Choice, Row } from './concern.ts';
import { chooseFrom } from './concern.ts';
import { markClaims } from './claims.ts';
import { configure } from './configuration.ts';
import { createSecrets, keepCertificate, keepPasswords } from './credentials.ts';
import { tearDown } from './teardown.ts';
import { awaitSwitchover, switchOver } from './switchover.ts';
import { releaseLockOfDeadLeader, relabelFormerPrimary } from './leader.ts';
import { addFinalizer, holdForeignVolumes, holdInvalid, protectNamespace } from './guards.ts';
import { replaceBroken, rollOut } from './rollout.ts';

/**
 * Everything there is to take care of, most pressing first: the first that has a step is done. A step that fails again and again
 * is set aside between its tries, and later rows go on, unless they build on what it does.
 */
const CONCERNS: readonly Row[] = [
  // Writes are failing: every second counts, and neither depends on what the Database asks for.
  { choose: releaseLockOfDeadLeader, whenRefused: 'go on' },
  { choose: relabelFormerPrimary, whenRefused: 'go on' },
  // What keeps a deletion from going unseen, or from going too far.
  { choose: protectNamespace, whenRefused: 'go on' },
  { choose: addFinalizer, whenRefused: 'go on' },
  // From here on a Database that is deleted is taken down and nothing else.
  { choose: tearDown, whenRefused: 'hold' },
  // From here on nothing is done on the volumes of another Database.
  { choose: holdForeignVolumes, whenRefused: 'hold' },
  // Whose data it is, noted before there is any: a claim without a note is taken for another's, and nothing is done to it.
  { choose: markClaims, whenRefused: 'go on' },
  // From here on nothing is made under the names of somebody else's objects.
  { choose: holdTaken, whenRefused: 'hold' },
  // In direct mode the right to read the Secrets is among what is applied.
  { choose: applyAccess, whenRefused: 'go on' },
  { choose: keepCertificate, whenRefused: 'go on' },
  // From here on the spec is acted upon, so it must be a good one.
  { choose: holdInvalid, whenRefused: 'hold' },
  // Before the workload: pods that find no Secret try again only after a while.
  { choose: createSecrets, whenRefused: 'go on' },
  { choose: applyRendered, whenRefused: 'go on' },
  { choose: removeUnrendered, whenRefused: 'go on' },
  // A template that broke members is taken back even when nobody leads.
  { choose: replaceBroken, whenRefused: 'go on' },
  // From here on the primary matters, so it must not be changing.
  { choose: awaitSwitchover, whenRefused: 'hold' },
  // Before the configuration, which would take back what it has lent for the switchover.
  { choose: switchOver, whenRefused: 'go on' },
  { choose: configure, whenRefused: 'go on' },
  // Members restart with the configuration that is there by now.
  { choose: rollOut, whenRefused: 'go on' },
  // Last, because a person may have to help, and nothing else waits for it.
  { choose: keepPasswords, whenRefused: 'go on' },
];

/** The first step that a concern has; while none has, the first thing that is waited for. */
export function choose(seen: Observation, now: Date): Choice | undefined {
  return chooseFrom(CONCERNS, seen, now);
}

/** Chooses the single next step, and says how things are. Pure: the same observation gives the same decision. */
export function decide(seen: Observation, now: Date): Decision {
  const choice = choose(seen, now);
  const status = statusOf(seen, choice, now);
  const seconds = nextLook(seen, choice, now);
  return {
    ...(choice?.step && { step: choice.step }),
    ...(choice && { because: choice.because }),
    status,
    ...(seconds !== undefined && { lookAgainAfterSeconds: seconds }),
  };
}
