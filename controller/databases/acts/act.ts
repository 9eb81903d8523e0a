import type { Step } from '../decision.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from './action.ts';
import {
  createSecret,
  ensureApplicationRole,
  readCredentials,
  renewCertificate,
  rotateCredentials,
} from './credentials.ts';
import { deletePod, relabel, restartServer } from './members.ts';
import { addFinalizer, protectNamespace, removeFinalizer } from './guards.ts';
import { configure, releaseLeaderLock, switchover } from './patroni.ts';
import { apply, deleteObject, markClaim, orphan, scale } from './rendered.ts';

/** The action of each kind of step. */
const ACTS: { readonly [Do in Step['do']]: Action<Do> } = {
  'add-finalizer': addFinalizer,
  'remove-finalizer': removeFinalizer,
  'protect-namespace': protectNamespace,
  'read-credentials': readCredentials,
  'create-secret': createSecret,
  'renew-certificate': renewCertificate,
  'rotate-credentials': rotateCredentials,
  'ensure-application-role': ensureApplicationRole,
  'mark-claim': markClaim,
  apply,
  delete: deleteObject,
  orphan,
  scale,
  'delete-pod': deletePod,
  'restart-server': restartServer,
  switchover,
  'release-leader-lock': releaseLeaderLock,
  relabel,
  configure,
};

/** Does one step. Throws an ApiError or a ServerError when it fails. */
export function act(step: Step, acting: ActionContext): Promise<StepEffect> {
  // Each entry takes the step of its own name.
  return (ACTS[step.do] as Action<Step['do']>)(step, acting);
}
