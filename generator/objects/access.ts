import { DEFAULT_ACCOUNT } from '../../policies/rules/member-account.ts';
import type { Json } from '../../database/json.ts';
import type { Engine } from '../engine.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Manifest } from '../metadata.ts';
import { metadata } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

const RBAC = 'rbac.authorization.k8s.io';

function serviceAccounts(model: Model, mounts: boolean): Manifest[] {
  return model.accounts.all.map((account) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    // Tokens of running members die with their account, also when it is made again. An account that any pod of the namespace may run under
    // must outlive its time as that of members.
    metadata: metadata(model, account, {
      wave: 'configuration',
      keep: account === model.accounts.pods || account === DEFAULT_ACCOUNT,
      // New pods run under the first account alone.
      ...(account === model.accounts.pods && { annotations: model.spec.serviceAccount?.annotations ?? {} }),
    }),
    automountServiceAccountToken: mounts,
  }));
}

/** Backups outlive their Database, and so does what opens them: the controller has no right to change or delete the passphrase. */
function readPassphrase(name: string): Json {
  return { apiGroups: [''], resourceNames: [names.backupKeySecret(name)], resources: ['secrets'], verbs: ['get'] };
}

/**
 * ServiceAccounts, Roles and RoleBindings: the rights of the pods, and the controller's rights to this Database's Secrets: it may read,
 * change and delete exactly these. A right to create cannot name objects, so the controller has it from its own installation. Members
 * mount their token themselves.
 */
export function access(model: Model, engine: Engine): Manifest[] {
  const { name, namespace, settings } = model;
  const { superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret, memberRole, controllerRole } =
    names;
  const secrets = [superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret].map((make) => make(name));
  const controller = {
    kind: 'ServiceAccount',
    name: settings.controller.serviceAccount,
    namespace: settings.controller.namespace,
  };
  // Members need their rights until they have stopped, the controller its own until it has deleted the Secrets: both is after the sync that
  // removed the Database.
  const about = (called: string): Manifest['metadata'] =>
    metadata(model, called, { wave: 'configuration', keep: true });
  const bind = (role: string, subjects: (typeof controller)[]): Manifest => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: about(role),
    roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
    subjects,
  });
  const role = (called: string, rules: Manifest['rules']): Manifest => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: about(called),
    rules,
  });
  const rights = engine.rights(model);
  const needsToken = rights.length > 0;
  // Pods of an earlier version mount the token through their account; present ones have a volume of their own.
  const mounts = needsToken && memberAccountOf(model) === 'earlier';
  const members = model.accounts.all.map((account) => ({ kind: 'ServiceAccount', name: account, namespace }));
  return [
    ...serviceAccounts(model, mounts),
    ...(needsToken ? [role(memberRole(name), [...rights]), bind(memberRole(name), members)] : []),
    role(controllerRole(name), [
      { apiGroups: [''], resourceNames: secrets, resources: ['secrets'], verbs: ['delete', 'get', 'patch'] },
      ...(model.backup?.isEncrypted ? [readPassphrase(name)] : []),
    ]),
    bind(controllerRole(name), [controller]),
  ];
}
