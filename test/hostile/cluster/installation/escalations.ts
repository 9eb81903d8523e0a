import type { Account } from '../../../../controller/account.ts';
import type { Attempt } from './attempts.ts';
import { at, apply, create, labelled } from './attempts.ts';

const RBAC = 'rbac.authorization.k8s.io';

function role(
  title: string,
  rules: object[],
  metadata: object = { name: 'fresh-members', labels: labelled('fresh') },
): Attempt {
  return create(title, 'roles', { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules });
}

const rule = (resource: string, verbs: string[], resourceNames?: string[]): object => ({
  ...{ apiGroups: [''], resources: [resource], verbs },
  ...(resourceNames && { resourceNames }),
});

const CONTROLLERS = { name: 'fresh-controller', labels: labelled('fresh') };
/** A right that a member has. */
const READ = rule('pods', ['get'], ['fresh-0']);

const ROLES: readonly Attempt[] = [
  role('gives every right', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  role('gives every verb', [rule('pods', ['*'])]),
  role('gives every resource', [rule('*', ['get'])]),
  role('gives every group', [{ ...READ, apiGroups: ['*'] }]),
  role('gives another group', [{ ...READ, apiGroups: ['apps'] }]),
  role('gives two groups', [{ ...READ, apiGroups: ['', 'apps'] }]),
  role('gives commands in pods', [rule('pods/exec', ['create'])]),
  role('gives logs', [rule('pods/log', ['get'])]),
  role('gives to make pods', [rule('pods', ['create'])]),
  role('gives to delete ConfigMaps', [rule('configmaps', ['delete'])]),
  role('gives tokens of accounts', [rule('serviceaccounts/token', ['create'])]),
  role('gives members a Secret', [rule('secrets', ['get'], ['fresh-superuser'])]),
  role('gives members all Secrets', [rule('secrets', ['list'])]),
  role('gives a right hidden among good ones', [READ, rule('configmaps', ['get']), rule('secrets', ['get'])]),
  role('gives two resources at once', [{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] }]),
  role('gives pods of another Database by their names', [rule('pods', ['patch'], ['fresh-app-0'])]),
  role("gives another application's ConfigMap by its name", [rule('configmaps', ['update'], ['app'])]),
  role('gives to list what is named', [rule('pods', ['list'], ['fresh-0'])]),
  role('gives itself all Secrets', [rule('secrets', ['get'])], CONTROLLERS),
  role('gives itself all Secrets by an empty list', [rule('secrets', ['get'], [])], CONTROLLERS),
  role('gives itself another Secret', [rule('secrets', ['get'], ['other'])], CONTROLLERS),
  role('gives itself one by a name that begins alike', [rule('secrets', ['get'], ['fresh-app-tls'])], CONTROLLERS),
  role("gives itself another Database's", [rule('secrets', ['get'], ['orders-app'])], CONTROLLERS),
  role('gives itself one good Secret and one other', [rule('secrets', ['get'], ['fresh-app', 'other'])], CONTROLLERS),
  role('gives itself to change the passphrase', [rule('secrets', ['get', 'patch'], ['fresh-backup-key'])], CONTROLLERS),
  role('gives itself to list Secrets by name', [rule('secrets', ['list'], ['fresh-app'])], CONTROLLERS),
  role('gives itself every verb', [rule('secrets', ['*'], ['fresh-app'])], CONTROLLERS),
  role('gives itself pods', [READ], CONTROLLERS),
  role('names a Role freely', [READ], { name: 'admin', labels: labelled('fresh') }),
  role("labels a Role as another Database's", [READ], { name: 'fresh-members', labels: labelled('orders') }),
  role('leaves the label out', [READ], { name: 'fresh-members' }),
  role('has a label that is empty', [READ], { name: '-members', labels: { 'db.example.com/database': '' } }),
  role('leaves the name to the API server', [READ], { generateName: 'fresh-members', labels: labelled('fresh') }),
  apply('changes a Role that only bears a name of ours', 'roles', {
    ...{ apiVersion: `${RBAC}/v1`, kind: 'Role', rules: [READ] },
    metadata: { name: 'billing-members', labels: labelled('billing') },
  }),
];

interface Binding {
  readonly name?: string;
  readonly labels?: object;
  readonly roleRef?: object;
  readonly subject?: object;
}

function binding(
  title: string,
  { name = 'fresh-members', labels = labelled('fresh'), roleRef, subject }: Binding,
): Attempt {
  const account = { kind: 'ServiceAccount', name: 'fresh', namespace: 'held' };
  return create(title, 'rolebindings', {
    ...{ apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { name, labels } },
    roleRef: { apiGroup: RBAC, kind: 'Role', name, ...roleRef },
    subjects: [{ ...account, ...subject }],
  });
}

const person = (kind: string, name: string): object => ({ kind, name, apiGroup: RBAC, namespace: undefined });

function bindings({ namespace, name }: Account): Attempt[] {
  const own = { name: 'fresh-controller' };
  return [
    binding('binds a ClusterRole', { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }),
    binding('binds a ClusterRole whose rights it has for the most part', {
      roleRef: { kind: 'ClusterRole', name: 'system:basic-user' },
    }),
    binding('binds another Role', { roleRef: { name: 'admin' } }),
    binding("binds another Database's Role", { roleRef: { name: 'orders-members' } }),
    binding("binds the controller's Role under the members' name", { roleRef: { name: 'fresh-controller' } }),
    binding('binds it to a user', { subject: person('User', 'fresh') }),
    binding('binds it to a group', { subject: person('Group', 'system:authenticated') }),
    binding('binds it to an account of another namespace', { subject: { namespace: 'default' } }),
    binding('binds it to another account', { subject: { name: 'billing' } }),
    binding('binds it to the account that all pods have', { subject: { name: 'default' } }),
    binding("binds it to itself under the members' name", { subject: { name, namespace } }),
    binding('binds its own Role to members', own),
    binding('binds its own Role to the account that is usual', {
      ...own,
      subject: { name: 'ballast-controller', namespace: namespace === 'ballast-system' ? 'other' : 'ballast-system' },
    }),
    binding('binds its own Role to its name elsewhere', { ...own, subject: { name, namespace: 'held' } }),
    binding('leaves the label out of a binding', { labels: {} }),
    binding('names a binding freely', { name: 'admin' }),
    binding('has a Database that is called default', {
      ...{ name: 'default-members', labels: labelled('default') },
      subject: { name: 'default' },
    }),
    apply('changes a binding that only bears a name of ours', 'rolebindings', {
      ...{ apiVersion: `${RBAC}/v1`, kind: 'RoleBinding' },
      metadata: { name: 'billing-members', labels: labelled('billing') },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'billing-members' },
      subjects: [{ kind: 'ServiceAccount', name: 'billing', namespace: 'held' }],
    }),
  ];
}

/** Ways to come to more rights by way of Roles. */
export function escalations(account: Account): Attempt[] {
  const { namespace } = account;
  const elsewhere = [...ROLES.slice(0, 1)].map((attempt) => ({
    ...attempt,
    title: `${attempt.title} where it runs`,
    path: at('roles', '', namespace),
  }));
  return [...ROLES, ...elsewhere, ...bindings(account)];
}
