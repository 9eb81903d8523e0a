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
import { forgetBackup, recordBackup, requestBackup } from './backups.ts';
import { deletePod, relabel, stopMember } from './members.ts';
import { advanceRestore, endRestore, requestRestore } from './restores.ts';
import { addFinalizer, guardNamespace, removeFinalizer } from './guards.ts';
import type { EngineStep } from '../../engines/acting.ts';
import { ACTING } from '../../engines/acting.ts';
import { apply, deleteObject, growClaim, markClaim, orphan, scale } from './rendered.ts';

/** The action of each kind of step that is the same for every engine. */
const COMMON: { readonly [Do in Exclude<Step['do'], EngineStep>]: Action<Do> } = {
  'add-finalizer': addFinalizer,
  'remove-finalizer': removeFinalizer,
  'guard-namespace': guardNamespace,
  'read-credentials': readCredentials,
  'create-secret': createSecret,
  'renew-certificate': renewCertificate,
  'rotate-credentials': rotateCredentials,
  'ensure-application-role': ensureApplicationRole,
  'mark-claim': markClaim,
  'grow-claim': growClaim,
  apply,
  delete: deleteObject,
  orphan,
  scale,
  'delete-pod': deletePod,
  relabel,
  'request-backup': requestBackup,
  'record-backup': recordBackup,
  'forget-backup': forgetBackup,
  'request-restore': requestRestore,
  'advance-restore': advanceRestore,
  'stop-member': stopMember,
  'end-restore': endRestore,
};

/** Does one step. Throws an ApiError or a ServerError when it fails. */
export function act(step: Step, acting: ActionContext): Promise<StepEffect> {
  const { engine } = acting.seen.own.database.spec;
  const actions: { readonly [Do in Step['do']]?: Action<Do> } = step.do in COMMON ? COMMON : ACTING[engine].steps;
  // Each entry takes the step of its own name.
  const action = actions[step.do] as Action<Step['do']> | undefined;
  if (!action) throw new Error(`${engine} has no step ${step.do}`);
  return action(step, acting);
}
