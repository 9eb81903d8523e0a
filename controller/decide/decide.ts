import type { Decision } from '../decision.ts';
import type { Observation } from '../observation.ts';
import { statusOf } from '../status/status.ts';
import { nextLook } from '../status/next-look.ts';
import { applyAccess, applyRendered, holdTaken, removeUnrendered } from './apply.ts';
import type { Choice, Concern, Wait } from './choice.ts';
import { markClaims } from './claims.ts';
import { configure } from './configuration.ts';
import { createSecrets, keepCertificate, keepPasswords } from './credentials.ts';
import { tearDown } from './deletion.ts';
import { awaitSwitchover, handOver } from './hand-over.ts';
import { freeDeadLeader, relabelFormerPrimary } from './leader.ts';
import { addFinalizer, holdForeignVolumes, holdInvalid, protectNamespace } from './own.ts';
import { replaceBroken, rollOut } from './rollout.ts';

/** Everything there is to take care of, most pressing first: the first that has a step is done. */
const CONCERNS: readonly Concern[] = [
  // Writes are failing: every second counts, and neither depends on what the Database asks for.
  freeDeadLeader,
  relabelFormerPrimary,
  // What keeps a deletion from going unseen, or from going too far.
  protectNamespace,
  addFinalizer,
  // From here on a Database that is deleted is taken down and nothing else.
  tearDown,
  // From here on nothing is done on the volumes of another Database.
  holdForeignVolumes,
  // Whose data it is, noted before there is any: a claim without a note could be taken for anybody's.
  markClaims,
  // From here on nothing is made under the names of somebody else's objects.
  holdTaken,
  // In direct mode the right to read the Secrets is among what is applied.
  applyAccess,
  keepCertificate,
  // From here on the spec is acted upon, so it must be a good one.
  holdInvalid,
  // Before the workload: pods that find no Secret try again only after a while.
  createSecrets,
  applyRendered,
  removeUnrendered,
  // A template that broke members is taken back even when nobody leads.
  replaceBroken,
  // From here on the primary matters, so it must not be changing.
  awaitSwitchover,
  // Before the configuration, which would take back what it has lent for the hand-over.
  handOver,
  configure,
  // Members restart with the configuration that is there by now.
  rollOut,
  // Last, because a person may have to help, and nothing else waits for it.
  keepPasswords,
];

/** The first step that a concern has; while none has, the first thing that is waited for. */
export function choose(seen: Observation, now: Date): Choice | undefined {
  let waiting: Wait | undefined;
  for (const concern of CONCERNS) {
    const choice = concern(seen, now);
    if (choice?.step) return choice;
    waiting ??= choice;
    if (choice?.stops) return waiting;
  }
  return waiting;
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
