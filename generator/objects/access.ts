import type { Engine } from '../engine.ts';
import { memberAccountOf } from '../member-account.ts';
import type { Manifest } from '../metadata.ts';
import { metadata } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * ServiceAccounts, Roles and RoleBindings: what the pods may do, and what the controller may do with this Database's
 * Secrets: read, change and take away exactly these, and no others. A right to create knows no names, so the controller has that from its own
 * installation. Members mount their token themselves.
 */
export function access(model: Model, engine: Engine): Manifest[] {
  const { name, namespace, settings } = model;
  const { superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret, memberRole, controllerRole } =
    names;
  const secrets = [superuserSecret, replicationSecret, appSecret, tlsSecret, authoritySecret].map((make) => make(name));
  const controller = {
    kind: 'ServiceAccount',
    name: settings.controller?.serviceAccount ?? 'ballast-controller',
    namespace: settings.controller?.namespace ?? 'ballast-system',
  };
  // The controller needs its right until it has taken the Secrets away, which is after the sync that removed the Database.
  const about = (called: string): Manifest['metadata'] =>
    metadata(model, called, { wave: 'configuration', keep: called === controllerRole(name) });
  const bind = (role: string, subject: typeof controller): Manifest => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: about(role),
    roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
    subjects: [subject],
  });
  const role = (called: string, rules: Manifest['rules']): Manifest => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: about(called),
    rules,
  });
  const pods = engine.rights.length > 0;
  const mounts = pods && memberAccountOf(model) === 'earlier';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: about(name), automountServiceAccountToken: mounts },
    ...(pods
      ? [role(memberRole(name), engine.rights), bind(memberRole(name), { kind: 'ServiceAccount', name, namespace })]
      : []),
    role(controllerRole(name), [
      { apiGroups: [''], resourceNames: secrets, resources: ['secrets'], verbs: ['delete', 'get', 'patch'] },
    ]),
    bind(controllerRole(name), controller),
  ];
}
