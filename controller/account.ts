import type { Settings } from '../database/types.ts';
import type { Api } from '../kubernetes/api.ts';
import { ApiError } from '../kubernetes/api.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { pause } from '../kubernetes/clock.ts';
import type { Log } from '../kubernetes/log.ts';
import type { KubernetesObject, Resource } from '../kubernetes/objects.ts';
import { RESOURCES } from './resources.ts';

/** A service account. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Inputs of the check of the controller's service account. */
export interface AccountOptions {
  readonly api: Pick<Api, 'create'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** A namespace in which the controller has all of its namespaced rights. */
  readonly namespace: string;
}

const REVIEW: Resource = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'selfsubjectreviews',
  kind: 'SelfSubjectReview',
  namespaced: false,
};
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** A new policy takes effect a second or two after it was applied. */
const MOST_TRIES = 10;
const PAUSE_MS = 1000;

/** The account in the answer to a SelfSubjectReview; undefined for a user that is no service account. */
export function accountIn(review: KubernetesObject): Account | undefined {
  const { userInfo } = (review['status'] ?? {}) as { readonly userInfo?: { readonly username?: string } };
  const [, namespace, name] = SERVICE_ACCOUNT.exec(userInfo?.username ?? '') ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** Why the settings name another account; undefined when they name this one. */
export function settingsProblem({ namespace, name }: Account, { controller }: Settings): string | undefined {
  const { namespace: theirs, serviceAccount } = controller;
  if (theirs === namespace && serviceAccount === name) return undefined;
  return (
    `the controller runs as the service account ${name} in ${namespace}, but its settings name ${serviceAccount} in ${theirs}, ` +
    'which the Roles of Databases would then let read their Secrets instead; ' +
    `set controller: {namespace: ${namespace}, serviceAccount: ${name}} in ballast.yaml, in the tree and in the ConfigMap ballast-settings`
  );
}

/** Whether the API server refuses a Role that grants every right, asked with a dry run. */
async function isHeld({ api, namespace }: AccountOptions): Promise<boolean> {
  const every = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
  const metadata = { name: 'ballast-must-be-refused', namespace };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules: [every] };
  try {
    await api.create(RESOURCES.Role, role, { dryRun: true });
    return false;
  } catch (error) {
    if (error instanceof ApiError && error.code >= 400 && error.code < 500) return true;
    throw error;
  }
}

async function holdingProblem(options: AccountOptions): Promise<string | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await isHeld(options)) return undefined;
    await pause(options.clock, PAUSE_MS);
  }
  return (
    `the controller may give itself every right in ${options.namespace}: no ValidatingAdmissionPolicy holds it to the Roles of Databases; ` +
    'apply its overlay again as a whole, with the policies ballast-controller-* and the right act-within in its ClusterRoles'
  );
}

/**
 * Why the controller must not run under its account; undefined when it may, when the user is no service account, and when the API server
 * does not answer.
 */
export async function accountProblem(options: AccountOptions): Promise<string | undefined> {
  try {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: REVIEW.kind, metadata: { name: '' } };
    const account = accountIn(await options.api.create(REVIEW, review));
    return account && (settingsProblem(account, options.settings) ?? (await holdingProblem(options)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    options.log.warn({ error: error.message }, 'the API server does not say under which account this runs');
    return undefined;
  }
}
