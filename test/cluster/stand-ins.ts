import { plainConfiguration } from '../../controller/engines/postgresql/configuration.ts';
import { names } from '../../generator/names.ts';
import { healthy } from '../controller/observations.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';

/** Kinds whose deletion waits for a controller of Kubernetes' own, which an API server alone does not have. */
const HELD = ['statefulsets', 'persistentvolumeclaims'] as const;

interface Item {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}

/** Replaces the garbage collector and the protection of claims: removes the finalizers of deleted objects. */
export async function letGo(admin: Kubectl, namespace: string): Promise<void> {
  for (const kind of HELD) {
    const { items } = JSON.parse(await admin.succeed(['get', kind, '-n', namespace, '-o', 'json'])) as {
      items: Item[];
    };
    for (const { metadata } of items) {
      if (metadata.deletionTimestamp === undefined) continue;
      const none = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
      await admin.run(['patch', kind, metadata.name, '-n', namespace, ...none]);
    }
  }
}

const LABELS = { 'app.kubernetes.io/managed-by': 'ballast', 'app.kubernetes.io/component': 'database' };

function patroniNote(name: string, what: string, annotations: object): object {
  const labels = { ...LABELS, 'db.example.com/database': name };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-${what}`, labels, annotations } };
}

function memberPod(name: string, ordinal: number, revision: string): object {
  const role = ordinal === 0 ? 'primary' : 'replica';
  const status = { state: 'running', role, timeline: 1, ...(ordinal > 0 && { replication_state: 'streaming' }) };
  const labels = {
    ...LABELS,
    ...{ 'app.kubernetes.io/name': 'postgresql', 'app.kubernetes.io/version': '17', 'db.example.com/role': role },
    ...{ 'db.example.com/database': name, 'controller-revision-hash': revision },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${ordinal}`, labels, annotations: { status: JSON.stringify(status) } },
    spec: { serviceAccountName: names.memberAccount(name), containers: [{ name: 'postgresql', image: 'none' }] },
  };
}

/** Does what StatefulSet controller, kubelets and Patroni do until all members of a Database serve, and says so. */
export async function serveMembers(admin: Kubectl, namespace: string, name: string, members: number): Promise<void> {
  const revision = `${name}-1`;
  const now = new Date().toISOString();
  const config = JSON.stringify(plainConfiguration(healthy(members)));
  const ordinals = Array.from({ length: members }, (_, ordinal) => ordinal);
  const notes = [
    patroniNote(name, 'config', { initialize: '7300000000000000001', config }),
    patroniNote(name, 'leader', { leader: `${name}-0`, acquireTime: now, renewTime: now, ttl: '20', transitions: '0' }),
  ];
  const objects = [...notes, ...ordinals.map((ordinal) => memberPod(name, ordinal, revision))];
  await admin.succeed(
    ['apply', '-n', namespace, '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );
  const patch = (kind: string, object: string, status: object): Promise<string> =>
    admin.succeed([
      ...['patch', kind, object, '-n', namespace, '--subresource=status', '--type=merge'],
      ...['-p', JSON.stringify({ status })],
    ]);
  await patch('statefulset', name, { observedGeneration: 99, updateRevision: revision, replicas: members });
  const started = { startedAt: now };
  for (const ordinal of ordinals) {
    await patch('pod', `${name}-${ordinal}`, {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }],
      containerStatuses: [
        {
          ...{ name: 'postgresql', image: '', imageID: '', ready: true, restartCount: 0 },
          state: { running: started },
        },
      ],
    });
  }
}
