import { DATABASE_LABEL, FINALIZER, PROTECTED_LABEL } from '../../../database/vocabulary.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../resources.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from './action.ts';
import { identityOf, seenAtVersion } from './action.ts';

const COMPONENT = 'app.kubernetes.io/component';

async function setFinalizers(acting: ActionContext, finalizers: readonly string[]): Promise<StepEffect> {
  const { api, resourceVersion } = acting;
  // A merge patch replaces the whole list: it applies to the version that was read only.
  const body = { metadata: { resourceVersion, finalizers } };
  const object = await api.patch(RESOURCES.Database, identityOf(acting), { type: 'merge', body });
  return seenAtVersion(acting, RESOURCES.Database, object);
}

/** Adds the finalizer, so that the controller sees a deletion before the Database is gone. */
export const addFinalizer: Action<'add-finalizer'> = (_, acting) => {
  const { finalizers } = acting.seen.own;
  return setFinalizers(acting, finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER]);
};

/** Whether the API server itself, not the watches, has no running pod left. */
async function nothingRuns(acting: ActionContext): Promise<boolean> {
  const { name, namespace } = identityOf(acting);
  const labelSelector = `${DATABASE_LABEL}=${name},${COMPONENT}=database`;
  const lists = [RESOURCES.StatefulSet, RESOURCES.Pod].map((resource) =>
    acting.api.list(resource, { namespace, labelSelector, limit: 1 }),
  );
  return (await Promise.all(lists)).every(({ items }) => items.length === 0);
}

/** Removes the finalizer when no pod runs any more. */
export const removeFinalizer: Action<'remove-finalizer'> = async (_, acting) => {
  const { name, namespace } = identityOf(acting);
  if (!(await nothingRuns(acting))) return { waitsFor: `the members of ${name} to be gone` };
  const { finalizers, uid } = acting.seen.own;
  const others = finalizers.filter((one) => one !== FINALIZER);
  await setFinalizers(acting, others);
  const { watches } = acting.looking;
  return {
    isSeen: () => {
      const held = watches.databases.get(keyOf({ namespace, name }));
      return held?.uid !== uid || !held.finalizers.includes(FINALIZER);
    },
  };
};

/** Writes the label that guards the namespace from deletion. */
export const guardNamespace: Action<'guard-namespace'> = async ({ guard }, { api, looking, seen }) => {
  const name = identityOf({ seen }).namespace;
  const body = { metadata: { labels: { [PROTECTED_LABEL]: guard } } };
  await api.patch(RESOURCES.Namespace, { name }, { type: 'merge', body });
  return { isSeen: () => looking.watches.namespaces?.get(name)?.guard === guard };
};
