import { CONFIGURED_AT, DATABASE_LABEL } from '../../../database/vocabulary.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../resources.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from '../../databases/acts/action.ts';
import { identityOf, inNamespace, seenAtVersion } from '../../databases/acts/action.ts';
import { memberOf, readPair } from '../../databases/acts/member-address.ts';
import { ServerError } from '../servers.ts';

/** Patches one of Patroni's ConfigMaps at the version that was seen. */
async function annotate(
  acting: ActionContext,
  suffix: string,
  metadata: { readonly resourceVersion: string; readonly annotations: object },
): Promise<StepEffect> {
  const place = inNamespace(acting, `${identityOf(acting).name}-${suffix}`);
  const object = await acting.api.patch(RESOURCES.ConfigMap, place, { type: 'merge', body: { metadata } });
  return seenAtVersion(acting, RESOURCES.ConfigMap, object);
}

/** The labels that Patroni gives its objects (generator/postgresql/settings.ts). */
function labelsOf(name: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/managed-by': 'ballast',
    [DATABASE_LABEL]: name,
  };
}

/** Requests a switchover as patronictl does (patroni/dcs/kubernetes.py, manual_failover). */
export const switchover: Action<'switchover'> = async ({ from, to, resourceVersion }, acting) => {
  if (resourceVersion !== undefined) {
    const annotations = { leader: from, member: to ?? null, scheduled_at: null };
    return annotate(acting, 'failover', { resourceVersion, annotations });
  }
  const { name, namespace } = identityOf(acting);
  const annotations = { leader: from, ...(to !== undefined && { member: to }) };
  const metadata = { name: `${name}-failover`, namespace, labels: labelsOf(name), annotations };
  const object: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  return seenAtVersion(acting, RESOURCES.ConfigMap, await acting.api.create(RESOURCES.ConfigMap, object));
};

/** Releases the leader lock as a leader does that steps down (patroni/dcs/kubernetes.py, delete_leader). */
export const releaseLeaderLock: Action<'release-leader-lock'> = ({ resourceVersion }, acting) =>
  annotate(acting, 'leader', { resourceVersion, annotations: { leader: null } });

/** Writes the dynamic configuration with the time; Patroni's members read it in their next round. */
export const configure: Action<'configure'> = ({ config, resourceVersion }, acting) => {
  const annotations = { config: JSON.stringify(config), [CONFIGURED_AT]: acting.now().toISOString() };
  return annotate(acting, 'config', { resourceVersion, annotations });
};

/** Patroni's answer where no restart is pending, or the member has another role (patroni/api.py, do_POST_restart). */
const UNAVAILABLE = '503';

/** Restarts PostgreSQL in its container, if the restart is still wanted. */
export const restartServer: Action<'restart-server'> = async ({ pod, role }, acting) => {
  const { name } = identityOf(acting);
  const pair = await readPair(acting);
  if (!pair) return { waitsFor: `the certificate of ${name}` };
  const asked = acting.servers.restart(memberOf(acting, pod, pair.authority), pair, role);
  const rest = asked.catch((error: unknown) => {
    // The member has another role by now, or was restarted already.
    if (!(error instanceof ServerError) || error.code !== UNAVAILABLE) throw error;
  });
  return { rest };
};
