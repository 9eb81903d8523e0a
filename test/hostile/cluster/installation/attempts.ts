import type { Api } from '../../../cluster/api.ts';

/** One request of the controller's account, tried as a dry run. */
export interface Attempt {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Content type of a patch; a merge patch when absent. */
  readonly type?: string;
}

/** An object to be sent. */
export interface Sent<Metadata> {
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Where the objects of a kind are, by its plural. */
const ROOTS: Readonly<Record<string, string>> = {
  databases: '/apis/db.example.com/v1alpha1',
  databasebackups: '/apis/db.example.com/v1alpha1',
  databaserestores: '/apis/db.example.com/v1alpha1',
  statefulsets: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  cronjobs: '/apis/batch/v1',
  jobs: '/apis/batch/v1',
  poddisruptionbudgets: '/apis/policy/v1',
  networkpolicies: '/apis/networking.k8s.io/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
  clusterroles: '/apis/rbac.authorization.k8s.io/v1',
  clusterrolebindings: '/apis/rbac.authorization.k8s.io/v1',
  validatingadmissionpolicies: '/apis/admissionregistration.k8s.io/v1',
  validatingadmissionpolicybindings: '/apis/admissionregistration.k8s.io/v1',
  events: '/apis/events.k8s.io/v1',
};

/** Path of an object in the tests' namespace. */
export function at(plural: string, name = '', namespace = 'held'): string {
  const within = namespace === '' ? '' : `/namespaces/${namespace}`;
  return `${ROOTS[plural] ?? '/api/v1'}${within}/${plural}${name === '' ? '' : `/${name}`}`;
}

/** Labels of what belongs to a Database. */
export const labelled = (database: string): object => ({
  'db.example.com/database': database,
  'app.kubernetes.io/managed-by': 'ballast',
});

/** Asks for an object to be made. */
export function create(title: string, plural: string, object: Sent<object>): Attempt {
  return { title, method: 'POST', path: at(plural), body: object };
}

/** Asks for a change of an object that is there. */
export function change(title: string, path: string, body: object): Attempt {
  return { title, method: 'PATCH', path, body };
}

/** Applies an object as the controller does with manifests. */
export function apply(title: string, plural: string, object: Sent<Named>): Attempt {
  const path = `${at(plural, object.metadata.name)}?fieldManager=ballast&force=true`;
  return { title, method: 'PATCH', path, body: object, type: 'application/apply-patch+yaml' };
}

/** Asks for an object to be deleted. */
export function remove(title: string, plural: string, name: string): Attempt {
  return { title, method: 'DELETE', path: at(plural, name) };
}

/** Sends a request as a dry run; returns the HTTP status and the message. */
export async function ask(
  api: Api,
  { method, path, body, type }: Attempt,
): Promise<{ readonly code: number; readonly said: string }> {
  const url = `${path}${path.includes('?') ? '&' : '?'}dryRun=All`;
  const kind = type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  const { code, message } = await api.send(method, url, body, kind);
  return { code, said: `${code} ${message}` };
}
