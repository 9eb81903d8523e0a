import { canConfigure, isConfigurationTakenUp } from '../state/configuration.ts';
import { isPaused } from '../state/database.ts';
import { isLeaving, isHealthy, primaryOf, firstUnhealthy } from '../state/members.ts';
import { isOutdated, startsAtPrimary, membersToRoll, needsNewPod, needsRestart } from '../state/rollout.ts';
import { targetOfRequest, switchoverRequestUnderWay } from '../state/switchover-request.ts';
import { oncePerMoment } from '../../runtime/once.ts';
import type { MemberPod, Observation } from '../observation.ts';
import type { Choice } from './concern.ts';

/** Why the primary should switch over, and the candidates. */
interface Reason {
  readonly candidates: readonly MemberPod[];
  readonly because: string;
  /** Whether the switchover may wait for the moment that disturbs clients least. */
  readonly isPatient?: true;
}

/** A planned switchover: its candidate, or the reason to wait. */
export type SwitchoverPlan =
  | { readonly is: 'possible'; readonly from: MemberPod; readonly to: MemberPod; readonly because: string }
  | { readonly is: 'nobody synchronous' | 'not all synchronous' | 'nobody ready'; readonly because: string };

function leaving(seen: Observation, primary: MemberPod, standbys: readonly MemberPod[]): Reason | undefined {
  const staying = standbys.filter((pod) => !isLeaving(seen, pod));
  if (!isLeaving(seen, primary)) return undefined;
  return { candidates: staying, because: `fewer members are wanted, and ${primary.name} is one too many` };
}

function requested(seen: Observation, standbys: readonly MemberPod[]): Reason | undefined {
  const asked = switchoverRequestUnderWay(seen);
  if (!asked) return undefined;
  const target = targetOfRequest(asked);
  const candidates = standbys.filter((pod) => (target === undefined ? !isLeaving(seen, pod) : pod.name === target));
  return { candidates, because: `a switchover to ${target ?? 'any standby'} is asked for` };
}

/** Whether every standby has been recreated or restarted, and the primary has not. */
function rolled(seen: Observation, primary: MemberPod, standbys: readonly MemberPod[], now: Date): Reason | undefined {
  const rolling = membersToRoll(seen, now);
  if (!rolling.includes(primary) || standbys.length === 0) return undefined;
  if (firstUnhealthy(seen) !== undefined || !isConfigurationTakenUp(seen, now)) return undefined;
  if (standbys.some((pod) => needsNewPod(seen, pod, now) || needsRestart(seen, pod))) return undefined;
  // A setting that must be lowered is lowered on the primary first, while it leads.
  if (!needsNewPod(seen, primary, now) && startsAtPrimary(primary)) return undefined;
  return { candidates: standbys, because: `${primary.name} is the last member to be rolled`, isPatient: true };
}

function reasonOf(seen: Observation, primary: MemberPod, now: Date): Reason | undefined {
  const standbys = seen.pods.filter((pod) => pod !== primary);
  return leaving(seen, primary, standbys) ?? requested(seen, standbys) ?? rolled(seen, primary, standbys, now);
}

/** Prefers candidates of the present template: they are not rolled out again after the switchover. */
function best(seen: Observation, candidates: readonly MemberPod[]): MemberPod | undefined {
  return candidates.find((pod) => !isOutdated(seen, pod)) ?? candidates[0];
}

/** Whether the primary should switch over, and to which standby; undefined when the primary stays, or cannot be asked. */
export const planSwitchover = oncePerMoment((seen: Observation, now: Date): SwitchoverPlan | undefined => {
  if (!canConfigure(seen) || isPaused(seen)) return undefined;
  const from = primaryOf(seen);
  if (!from || from.deleting || from.server?.state !== 'running') return undefined;
  const reason = reasonOf(seen, from, now);
  if (!reason) return undefined;
  const { because, isPatient } = reason;
  const ready = reason.candidates.filter((pod) => isHealthy(seen, pod));
  if (ready.length === 0) return { is: 'nobody ready', because: `${because}, but nobody is ready to take over` };
  if (isPatient && ready.some((pod) => seen.control.replication?.isCatchingUp(seen, pod))) {
    return { is: 'not all synchronous', because: `${because}, which waits until every standby is synchronous` };
  }
  const { synchronous } = seen;
  const to = best(seen, synchronous.length === 0 ? ready : ready.filter(({ name }) => synchronous.includes(name)));
  if (!to) return { is: 'nobody synchronous', because: `${because}, which waits until a standby is synchronous` };
  return { is: 'possible', from, to, because };
});

/** Waits for a switchover that was asked of the engine, by the controller or by a person. */
export function awaitSwitchover({ control, switchover }: Observation): Choice | undefined {
  const { from, to } = switchover ?? {};
  if (from === undefined && to === undefined) return undefined;
  const manager = control.replication?.manager ?? control.facts.title;
  return { because: `${manager} switches over from ${from ?? 'the primary'} to ${to ?? 'any standby'}`, stops: true };
}

/** Asks the engine to switch over: from a primary that leaves, on a request, and at the end of a rollout. */
export function switchOver(seen: Observation, now: Date): Choice | undefined {
  const plan = planSwitchover(seen, now);
  if (plan?.is !== 'possible') return plan && { because: plan.because };
  const { from, to, because } = plan;
  const resourceVersion = seen.switchover?.resourceVersion;
  return {
    step: {
      do: 'switchover',
      from: from.name,
      to: to.name,
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    because,
  };
}
