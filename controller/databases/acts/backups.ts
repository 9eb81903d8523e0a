import { DATABASE_LABEL, RECORDED } from '../../../database/vocabulary.ts';
import { API_VERSION } from '../../../database/schema/common.ts';
import { MANAGED_BY_LABEL } from '../../../generator/metadata.ts';
import { RESOURCES } from '../../resources.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from './action.ts';
import { identityOf, seenAtVersion } from './action.ts';
import { remove } from './rendered.ts';

/**
 * Makes a DatabaseBackup of the Database. It has no owner: it says what the repository holds, which outlives the Database. It has none of
 * the labels by which Argo CD tracks what is in Git.
 */
async function create(acting: ActionContext, name: string, annotations?: Record<string, string>): Promise<StepEffect> {
  const { name: database, namespace } = identityOf(acting);
  const labels = { [MANAGED_BY_LABEL]: 'ballast', [DATABASE_LABEL]: database };
  const object = await acting.api.create(RESOURCES.DatabaseBackup, {
    apiVersion: API_VERSION,
    kind: RESOURCES.DatabaseBackup.kind,
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: { databaseRef: { name: database } },
  });
  return seenAtVersion(acting, RESOURCES.DatabaseBackup, object);
}

/** Asks for one backup. */
export const requestBackup: Action<'request-backup'> = ({ name }, acting) => create(acting, name);

/** Makes the object of a backup that the repository holds. */
export const recordBackup: Action<'record-backup'> = ({ name, label }, acting) =>
  create(acting, name, { [RECORDED]: label });

/** Removes the object of a backup that the repository holds no more. */
export const forgetBackup: Action<'forget-backup'> = ({ object }, acting) => remove(acting, object, 'Background');
