import { ROLE_LABEL } from '../../../database/vocabulary.ts';
import { ApiError, hasCode } from '../../../kubernetes/api.ts';
import { RESOURCES } from '../../resources.ts';
import type { Action } from './action.ts';
import { seenChanged, inNamespace, seenAtVersion } from './action.ts';

const TOO_MANY_REQUESTS = 429;

/**
 * Lets a member be recreated. One that serves is evicted, so that a drain of nodes and a rollout together take no more
 * members than the disruption budget allows; one that does not serve protects nobody. An eviction is charged to the budget
 * before its version is compared, and one that fails on it stays charged for two minutes
 * (kubernetes/kubernetes, pkg/registry/core/pod/storage/eviction.go): so it is compared before, and only the uid after.
 */
export const deletePod: Action<'delete-pod'> = async ({ pod, uid, resourceVersion }, acting) => {
  const { api, seen } = acting;
  const place = inNamespace(acting, pod);
  const serves = seen.pods.find(({ name }) => name === pod)?.ready ?? false;
  try {
    if (serves) {
      const now = await api.get(RESOURCES.Pod, place);
      if (now?.metadata.resourceVersion !== resourceVersion) {
        throw new ApiError({ code: 409, reason: 'Conflict' }, `${pod} is not as it was seen`);
      }
      await api.evict(place, { uid });
    } else await api.delete(RESOURCES.Pod, place, { uid, resourceVersion, propagation: 'Background' });
  } catch (error) {
    if (!serves || !hasCode(error, TOO_MANY_REQUESTS)) throw error;
    return { waitsFor: `the disruption budget to let ${pod} go` };
  }
  return seenChanged(acting, RESOURCES.Pod, { ...place, uid, resourceVersion });
};

/** Takes the role of a primary from a pod that has lost it: no Service leads there until the member itself says what it is. */
export const relabel: Action<'relabel'> = async ({ pod, resourceVersion }, acting) => {
  const body = { metadata: { resourceVersion, labels: { [ROLE_LABEL]: null } } };
  const object = await acting.api.patch(RESOURCES.Pod, inNamespace(acting, pod), { type: 'merge', body });
  return seenAtVersion(acting, RESOURCES.Pod, object);
};
