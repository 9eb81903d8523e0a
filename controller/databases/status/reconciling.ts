import type { Step } from '../decision.ts';
import type { Choice } from '../concerns/concern.ts';
import { isHibernating } from '../state/database.ts';
import { isLeaving } from '../state/members.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';
import { obstacleOf } from './stalled.ts';

/** Steps whose effect no user waits for. */
const ASIDE: ReadonlySet<Step['do']> = new Set([
  'add-finalizer',
  'guard-namespace',
  'mark-claim',
  'read-credentials',
  'renew-certificate',
  'request-backup',
  'record-backup',
  'forget-backup',
]);

/** Surplus members that are about to leave. */
function leavers(seen: Observation): string[] {
  return seen.pods.filter((pod) => isLeaving(seen, pod)).map(({ name }) => name);
}

/** The reason for waiting while the step under way has no visible effect. */
function waitedFor(seen: Observation, ready: ConditionValue): string {
  if (ready.status !== 'True') return ready.message;
  const stopping = leavers(seen);
  return stopping.length > 0 ? `${stopping.join(', ')} stop` : 'the Secrets have not been read yet';
}

function messageOf(seen: Observation, choice: Choice | undefined, ready: ConditionValue): string {
  const { failure } = seen;
  const what = choice?.because ?? waitedFor(seen, ready);
  return failure === undefined ? what : `${what}; the last try came to nothing: ${failure}`;
}

/** Whether the controller is at work or has work to do; also while the contents of the Secrets are unknown. */
function isMoving(seen: Observation, choice: Choice | undefined, ready: ConditionValue): boolean {
  const isChoice = choice !== undefined && (choice.step === undefined || !ASIDE.has(choice.step.do));
  const sleeps = isHibernating(seen) && seen.pods.length === 0;
  return isChoice || (ready.status !== 'True' && !sleeps) || leavers(seen).length > 0 || !seen.credentials;
}

/** Reconciling, in kstatus' sense: True while the controller is at work; the message says on what. */
export function reconciling(seen: Observation, choice: Choice | undefined, ready: ConditionValue): ConditionValue {
  if (obstacleOf(seen)) return { status: 'False', reason: 'Stalled', message: 'a person has to do something first' };
  if (!isMoving(seen, choice, ready)) {
    return { status: 'False', reason: 'Done', message: 'everything is as the Database asks for' };
  }
  const aside = choice?.step !== undefined && ASIDE.has(choice.step.do);
  const reason = seen.failure === undefined ? 'InProgress' : 'Retrying';
  return { status: 'True', reason, message: messageOf(seen, aside ? undefined : choice, ready) };
}
