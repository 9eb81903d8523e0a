import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { randomBytes } from 'node:crypto';
import type { Cluster } from '../cluster/layout.ts';
import { makeCredentials } from '../credentials/make-credentials.ts';
import { monotonic } from './clock.ts';
import { startController } from './controller.ts';
import { Kubectl } from './kubectl.ts';
import { Observer } from './observer.ts';
import type { MemberPod } from './pods.ts';
import { areReady } from './pods.ts';
import type { Subject } from './render.ts';
import { fingerprint, renderKinds, renderVariant } from './render.ts';
import type { Login } from './sql-session.ts';
import type { VariantName } from './variants.ts';
import { DATABASE, VARIANTS, namespaceOf, settingsOf } from './variants.ts';
import { waitFor, waitOrFail } from './wait.ts';

/** A Database in the cluster, in a namespace of its own. */
export interface RunningDatabase {
  readonly variant: VariantName;
  readonly kubectl: Kubectl;
  readonly observer: Observer;
  readonly login: Login;
  /** Patroni's dynamic configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Fingerprint of manifests and image. */
  readonly build: string;
  /** From `kubectl apply` to three members ready. */
  readonly readySeconds: number;
  /** Removes it with all its objects. */
  readonly remove: () => Promise<void>;
}

const READY_MS = 180_000;
const GONE_MS = 180_000;
const LIMIT_MS = 1000;

const namespaceManifest = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });

/** Removes the namespace of a variant, and waits until it is gone. Does nothing when there is none. */
export async function removeVariant(cluster: Cluster, variant: VariantName): Promise<void> {
  const namespace = namespaceOf(variant);
  const wait = ['--wait', `--timeout=${GONE_MS / 1000}s`];
  const kubectl = new Kubectl(cluster.kubectl, namespace);
  // Without a controller no deletion is completed. The Database, and even its kind, may be absent.
  const finished = ['patch', 'database', DATABASE, '--type=merge', '--patch={"metadata":{"finalizers":null}}'];
  await kubectl.run(finished).catch(() => undefined);
  const confirmed = ['annotate', '--overwrite', 'namespace', namespace, `${CONFIRM_DELETE}=${namespace}`];
  await kubectl.run(confirmed).catch(() => undefined);
  await kubectl.run(['delete', 'namespace', namespace, '--ignore-not-found', ...wait], { limitMs: GONE_MS });
}

async function applySecrets(kubectl: Kubectl, namespace: string): Promise<string> {
  const items = await makeCredentials(namespace, DATABASE);
  await kubectl.run(['apply', '--server-side', '--filename=-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
  const authority = await kubectl.run(['get', 'secret', `${DATABASE}-tls`, '--output=jsonpath={.data.ca\\.crt}']);
  return Buffer.from(authority, 'base64').toString();
}

async function prepareTables({ kubectl, primary }: { kubectl: Kubectl; primary: string }): Promise<string> {
  const password = randomBytes(16).toString('hex');
  await kubectl.sql(
    primary,
    `CREATE ROLE probe LOGIN PASSWORD '${password}' IN ROLE pg_monitor;
     CREATE SCHEMA probe AUTHORIZATION probe;
     SET ROLE probe;
     CREATE TABLE probe.writes (run text, client text, number int, PRIMARY KEY (run, client, number));
     CREATE TABLE probe.load (filler text);`,
  );
  return password;
}

async function versionsOf(kubectl: Kubectl, { name }: MemberPod): Promise<Record<string, string>> {
  const patroni = await kubectl.run(['exec', name, '--container=postgresql', '--', 'patroni', '--version']);
  const server = JSON.parse(await kubectl.run(['version', '--output=json'])) as {
    serverVersion: { gitVersion: string };
  };
  return {
    PostgreSQL: (await kubectl.sql(name, 'SHOW server_version')).trim(),
    Patroni: patroni.trim().replace('patroni ', ''),
    Kubernetes: server.serverVersion.gitVersion.replace('v', ''),
  };
}

/** Creates a new namespace with Ballast's kinds and the Database's Secrets, which a controller would otherwise make. */
async function begin(cluster: Cluster, variant: VariantName): Promise<{ kubectl: Kubectl; authority: string }> {
  await removeVariant(cluster, variant);
  const namespace = namespaceOf(variant);
  const kubectl = new Kubectl(cluster.kubectl, namespace);
  await kubectl.run(['apply', '--server-side', '--filename=-'], { input: await renderKinds() });
  await kubectl.run(['apply', '--server-side', '--filename=-'], { input: namespaceManifest(namespace) });
  return { kubectl, authority: await applySecrets(kubectl, namespace) };
}

/** The Database to create. */
export interface Wanted {
  readonly cluster: Cluster;
  readonly variant: VariantName;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** Makes a variant's Database, waits for its members, and makes the tables that are written to. */
export async function createDatabase({ cluster, variant, subject, signal }: Wanted): Promise<RunningDatabase> {
  const manifests = await renderVariant(variant, subject);
  const { kubectl, authority } = await begin(cluster, variant);
  const observer = new Observer({ kubectl: cluster.kubectl, namespace: namespaceOf(variant), database: DATABASE });
  const controller = VARIANTS[variant].controller ? startController(cluster, namespaceOf(variant), subject) : undefined;
  const remove = async (): Promise<void> => {
    await Promise.all([observer.stop(), controller?.stop()]);
    await removeVariant(cluster, variant);
  };
  observer.start();
  try {
    const begun = monotonic();
    observer.happenings.push({ wall: Date.now(), source: 'test', text: 'kubectl apply' });
    await kubectl.run(['apply', '--server-side', '--filename=-'], { input: manifests });
    await waitOrFail(() => areReady(observer.pods), READY_MS, { signal, complaint: 'not three members ready' });
    const readySeconds = Math.round(monotonic() - begun) / 1000;
    const primary = observer.primary!;
    const password = await prepareTables({ kubectl, primary: primary.name });
    return {
      ...{ variant, kubectl, observer, readySeconds, remove, settings: settingsOf(manifests) },
      login: { user: 'probe', password, database: 'postgres', authority, limitMs: LIMIT_MS },
      versions: await versionsOf(kubectl, primary),
      build: fingerprint(manifests, subject),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The synchronous standby, if Patroni chose one. */
export async function synchronousStandby({ kubectl }: RunningDatabase): Promise<string | undefined> {
  const path = '--output=jsonpath={.metadata.annotations.sync_standby}';
  const text = await kubectl.run(['get', 'configmap', `${DATABASE}-sync`, '--ignore-not-found', path]);
  return text.trim().split(',')[0] || undefined;
}

/** Waits until Patroni has chosen a synchronous standby, where it must: before that, a failover has no candidate. */
export async function waitForStandby(
  database: RunningDatabase,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (VARIANTS[database.variant].stock) return true;
  return waitFor(async () => (await synchronousStandby(database)) !== undefined, limitMs, signal);
}
