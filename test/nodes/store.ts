import { join } from 'node:path';
import { ROOT } from '../cli/run.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import type { Child } from '../../lab/processes/child.ts';
import { startChild } from '../../lab/processes/child.ts';
import { until } from '../../lab/processes/until.ts';
import type { Fault } from '../../lab/s3/proxy.ts';
import type { DatabaseUser } from './person.ts';

const BUCKET = 'acme-backups';
const NAME = 'store';
const START_MS = 60_000;

interface Announced {
  readonly port: number;
  readonly keys: { readonly id: string; readonly secret: string };
  readonly authority: string;
}

interface Place {
  readonly host: string;
  readonly address: string;
}

/** An S3 store beside the nodes of a cluster, which pods reach by a Service. */
export class Store {
  readonly #child: Child;
  readonly #lines: string[];
  readonly #announced: Announced;
  readonly #host: string;
  readonly #address: string;

  private constructor(child: Child, lines: string[], { host, address }: Place) {
    this.#child = child;
    this.#lines = lines;
    this.#host = host;
    this.#address = address;
    this.#announced = JSON.parse(lines[0] ?? '') as Announced;
  }

  /** Starts one in the network of the control plane, empty, and makes its Service and Secrets in the namespace of a user. */
  static async start({ control }: Cluster, user: DatabaseUser): Promise<Store> {
    const host = `${NAME}.${user.namespace}.svc`;
    const lines: string[] = [];
    const program = [process.execPath, join(ROOT, 'lab/s3/main.ts'), host, control.address, BUCKET];
    const child = startChild(['nsenter', `--net=/run/netns/${control.namespace}`, ...program], {
      onLine: (line) => lines.push(line),
    });
    const isUp = (): boolean => {
      const ended = child.ended();
      if (ended !== undefined) throw new Error(ended);
      return lines.length > 0;
    };
    await until(isUp, START_MS, 'the store does not start');
    const store = new Store(child, lines, { host, address: control.address });
    await store.introduce(user);
    return store;
  }

  /** Makes the Service and the Secrets by which pods of the user's namespace reach it, once more when the namespace was made again. */
  async introduce({ kubectl }: DatabaseUser): Promise<void> {
    const { port, keys, authority } = this.#announced;
    const items = [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: NAME }, spec: { ports: [{ name: 's3', port }] } },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: NAME, labels: { 'kubernetes.io/service-name': NAME } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [this.#address] }],
        ports: [{ name: 's3', port }],
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'store-keys' },
        stringData: { accessKeyId: keys.id, secretAccessKey: keys.secret },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'store-ca' }, stringData: { 'ca.crt': authority } },
    ];
    await kubectl.run(['apply', '--filename=-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  }

  /** The destination as a user writes it. */
  get destination(): object {
    const endpoint = `${this.#host}:${this.#announced.port}`;
    return { s3: { bucket: BUCKET, endpoint, caSecret: 'store-ca', credentialsSecret: 'store-keys' } };
  }

  /** Puts a fault in place of the one before. */
  async setFault(fault: Fault): Promise<void> {
    const before = this.#lines.length;
    this.#child.send(JSON.stringify(fault));
    await until(() => this.#lines.length > before, START_MS, 'the store does not take the fault');
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
