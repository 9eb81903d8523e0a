import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { kubeconfigOf } from '../../lab/cluster/keys.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { run } from '../../lab/processes/command.ts';
import { startChild } from '../../lab/processes/child.ts';
import { until } from '../../lab/processes/until.ts';
import { ROOT } from '../cli/run.ts';
import { credentialsFor } from '../webhook/credentials.ts';

const ADDRESS = '127.0.0.1:9443';
const START_MS = 30_000;
const KINDS = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';

interface Configuration {
  readonly kind: string;
  readonly webhooks: readonly { readonly clientConfig: { readonly service: { readonly path: string } } }[];
}

/** The configurations among the objects of an installation, which ask a process beside the API server instead of a Service. */
function registrations(objects: string, certificate: string): object[] {
  const caBundle = Buffer.from(certificate).toString('base64');
  return (loadAll(objects) as Configuration[])
    .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
    .map((manifest) => ({
      ...manifest,
      webhooks: manifest.webhooks.map((webhook) => ({
        ...webhook,
        clientConfig: { url: `https://${ADDRESS}${webhook.clientConfig.service.path}`, caBundle },
      })),
    }));
}

/** The built webhook of a checkout as a process beside the API server of a cluster. */
export class Webhook {
  readonly #cluster: Cluster;
  readonly #root: string;
  #stop: (() => Promise<void>) | undefined;

  constructor(cluster: Cluster, root = ROOT) {
    this.#cluster = cluster;
    this.#root = root;
  }

  /** Starts it, registers it, and waits until the API server asks it. */
  async start(): Promise<void> {
    const { control, kubectl } = this.#cluster;
    const folder = join(control.folder, 'webhook');
    mkdirSync(folder, { recursive: true });
    const { certificate, key } = credentialsFor('webhook');
    writeFileSync(join(folder, 'tls.crt'), certificate);
    writeFileSync(join(folder, 'tls.key'), key, { mode: 0o600 });
    const [host, port] = ADDRESS.split(':') as [string, string];
    const words = ['webhook', '--host', host, '--port', port, '--certificates', folder, '--drain', '0'];
    const log: string[] = [];
    const child = startChild(
      [
        ...(['nsenter', `--net=/run/netns/${control.namespace}`] as const),
        ...['env', `KUBECONFIG=${kubeconfigOf(this.#cluster, 'admin')}`],
        ...[process.execPath, join(this.#root, 'dist/ballast.mjs'), ...words, '--metrics-address', '127.0.0.1:19443'],
      ],
      { onLine: (line) => log.push(line) },
    );
    this.#stop = child.stop;
    const listens = (): boolean => {
      const ended = child.ended();
      if (ended !== undefined) throw new Error(`the webhook ended: ${ended}`);
      return log.some((line) => line.includes('listening'));
    };
    await until(listens, START_MS, `the webhook does not listen: ${log.join('\n')}`);
    const objects = await run([kubectl, 'kustomize', join(this.#root, 'kustomize/base')]);
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: registrations(objects, certificate) });
    await run([kubectl, 'apply', '--server-side', '--force-conflicts', '--filename=-'], list);
    await until(() => this.#isAsked(), START_MS, 'the API server does not ask the webhook');
  }

  /** Ends the process, and leaves its registration, as when all its pods are away. */
  async stop(): Promise<void> {
    await this.#stop?.();
    this.#stop = undefined;
  }

  /** Ends it, and tells the API server to ask it no more. */
  async end(): Promise<void> {
    await run([this.#cluster.kubectl, 'delete', KINDS, 'ballast', '--ignore-not-found']);
    await this.stop();
  }

  async #isAsked(): Promise<boolean> {
    const probe = {
      ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name: 'probe', namespace: 'default' } },
      spec: { version: '15', storage: { size: '10Gi' }, backup: { schedule: 'never' } },
    };
    const create = [this.#cluster.kubectl, 'create', '--dry-run=server', '--filename=-'] as const;
    const refusal = await run(create, JSON.stringify(probe)).then(() => '', String);
    return refusal.includes('schedule-valid');
  }
}
