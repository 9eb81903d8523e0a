import { DATABASE_LABEL, OWNER, RESTORE_REQUEST } from '../../../database/vocabulary.ts';
import { MANAGED_BY_LABEL } from '../../../generator/metadata.ts';
import { names } from '../../../generator/names.ts';
import { RESOURCES } from '../../resources.ts';
import type { RestoreState } from '../decision.ts';
import type { RestoreOfDatabase } from '../observed-backups.ts';
import { labelOf } from '../state/restores.ts';
import type { Action, ActionContext } from './action.ts';
import { identityOf, inNamespace, seenAtVersion } from './action.ts';
import { remove } from './rendered.ts';

const COMPONENT = 'app.kubernetes.io/component';

/** The parts of a request that change while the restore goes on. */
interface Progress {
  readonly member: string;
  readonly state: RestoreState;
  readonly failure?: string;
}

/** The request in the form that members read (images/postgres/hold.py). */
function requestFor(
  { seen }: ActionContext,
  restore: RestoreOfDatabase,
  progress: Progress,
): Readonly<Record<string, string>> {
  const { id, name, spec } = restore;
  const { targetTime, targetLSN, targetName } = spec;
  const request = { id, restore: name, ...progress, backup: labelOf(seen, restore), targetTime, targetLSN, targetName };
  return { [RESTORE_REQUEST]: JSON.stringify(request) };
}

function restoreNamed({ seen }: ActionContext, name: string): RestoreOfDatabase | undefined {
  return seen.restores.find((one) => one.name === name);
}

/** Makes the ConfigMap by which the members are asked to wait. */
export const requestRestore: Action<'request-restore'> = async ({ restore: name, member }, acting) => {
  const restore = restoreNamed(acting, name);
  if (!restore) return { waitsFor: `the DatabaseRestore ${name}` };
  const { name: database, namespace } = identityOf(acting);
  const metadata = {
    ...{ name: names.restore(database), namespace },
    // A member may write annotations of objects with these labels only (installation/admission/member-configmaps.ts).
    labels: { [COMPONENT]: 'database', [MANAGED_BY_LABEL]: 'ballast', [DATABASE_LABEL]: database },
    annotations: { [OWNER]: acting.seen.own.uid, ...requestFor(acting, restore, { member, state: 'hold' }) },
  };
  const object = await acting.api.create(RESOURCES.ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  return seenAtVersion(acting, RESOURCES.ConfigMap, object);
};

/** Writes the next state of the request; of a request whose DatabaseRestore is gone, nothing but that. */
export const advanceRestore: Action<'advance-restore'> = async ({ state, failure }, acting) => {
  const { restoreRequest: request } = acting.seen;
  if (!request) return { waitsFor: 'the request for the restore' };
  const { id, restore: name, member, resourceVersion } = request;
  const restore = restoreNamed(acting, name);
  const progress = { member, state, ...(failure !== undefined && { failure }) };
  // A spec that was changed meanwhile is another restore.
  const annotations =
    restore?.id === id
      ? requestFor(acting, restore, progress)
      : { [RESTORE_REQUEST]: JSON.stringify({ id, restore: name, ...progress }) };
  const place = inNamespace(acting, names.restore(identityOf(acting).name));
  const body = { metadata: { resourceVersion, annotations } };
  const object = await acting.api.patch(RESOURCES.ConfigMap, place, { type: 'merge', body });
  return seenAtVersion(acting, RESOURCES.ConfigMap, object);
};

/** Deletes the request. The restored data have the passwords of the day of their backup, so those of the Secrets count as not in force. */
export const endRestore: Action<'end-restore'> = async ({ object }, acting) => {
  const effect = await remove(acting, object, 'Background');
  acting.remembered.credentials = undefined;
  acting.remembered.askedOf = undefined;
  return effect;
};
