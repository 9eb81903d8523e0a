import { filledDatabase } from '../../lab/filled-database.ts';
import type { Database } from '../../database/object.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import { Kubectl } from '../../lab/failover/kubectl.ts';
import type { MemberPod } from '../../lab/failover/pods.ts';
import { readPod } from '../../lab/failover/pods.ts';
import { until } from '../cluster/controller.ts';
import { untilAccount } from '../../lab/cluster/account.ts';
import { askPrimary, clientPod, untilReached } from './client.ts';
import { POSTGRESQL } from './installation.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';

const SETTLED_MS = 300_000;

/** A user with a Database in a namespace, who has only kubectl and psql. */
export class DatabaseUser {
  readonly kubectl: Kubectl;
  readonly name: string;
  readonly namespace: string;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, namespace: string, name: string) {
    this.#cluster = cluster;
    this.kubectl = new Kubectl(cluster.kubectl, namespace);
    this.namespace = namespace;
    this.name = name;
  }

  /** Makes the namespace, and in it a pod with psql that knows the Database's authority as soon as there is one. */
  async begin(): Promise<void> {
    // Of a run that was killed.
    await this.end();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await this.#make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels } });
    await untilAccount(this.#cluster, this.namespace);
    await this.#make(clientPod(this.name));
  }

  /** Removes the namespace with all that is in it, and waits until it is gone. */
  async end(): Promise<void> {
    const freed = '{"spec":{"deletionPolicy":"Retain"},"metadata":{"finalizers":null}}';
    const there = await this.lines('get', 'db', '--output=name').catch(() => []);
    for (const name of there) {
      await this.kubectl.run(['patch', name, '--type=merge', `--patch=${freed}`]);
    }
    // Nobody needs their data: a member that ends in order would wait for its archive.
    await this.kubectl.run(['delete', 'pods', '--all', '--grace-period=0', '--force', '--wait=false']).catch(() => '');
    const confirmed = `db.example.com/confirm-delete=${this.namespace}`;
    await this.kubectl.run(['annotate', '--overwrite', 'namespace', this.namespace, confirmed]).catch(() => '');
    const wait = ['--ignore-not-found', '--wait', '--timeout=180s'];
    await this.kubectl.run(['delete', 'namespace', this.namespace, ...wait], { limitMs: 180_000 });
  }

  async #make(object: object): Promise<void> {
    await this.kubectl.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(object) });
  }

  /** The Database, as its user would write it: three members in direct mode, unless said otherwise. */
  manifest(spec: object = {}, annotations: Readonly<Record<string, string>> = {}): Database {
    const { name, namespace } = this;
    return filledDatabase(
      { name, namespace, annotations: { 'db.example.com/apply': 'true', ...annotations } },
      {
        ...{ version: POSTGRESQL.version, replicas: 3, storage: { size: '1Gi' } },
        resources: { requests: { cpu: '20m', memory: '256Mi' }, limits: { memory: '512Mi' } },
        ...spec,
      },
    );
  }

  /** The Database as a repository holds it: another tool applies what becomes of it. */
  written(spec: object = {}, annotations?: Readonly<Record<string, string>>): Database {
    const { name, namespace } = this;
    return { ...this.manifest(spec), metadata: { name, namespace, ...(annotations && { annotations }) } };
  }

  /** Applies the Database. */
  async apply(spec: object = {}, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#make(this.manifest(spec, annotations));
  }

  /** Changes a part of the Database's spec. */
  async change(spec: object): Promise<void> {
    await this.kubectl.run(['patch', 'db', this.name, '--type=merge', `--patch=${JSON.stringify({ spec })}`]);
  }

  /** Annotates the Database. */
  async annotate(annotation: string): Promise<void> {
    await this.kubectl.run(['annotate', '--overwrite', 'db', this.name, `db.example.com/${annotation}`]);
  }

  /** What kubectl prints, without empty lines. */
  async lines(...args: string[]): Promise<string[]> {
    return (await this.kubectl.run(args)).split('\n').filter((line) => line !== '');
  }

  /** A field of an object. */
  field(object: string, path: string): Promise<string> {
    return this.kubectl.run(['get', object, '--ignore-not-found', `--output=jsonpath={.${path}}`]);
  }

  async status(): Promise<DatabaseStatus & { readonly generation: number }> {
    const text = await this.kubectl.run(['get', 'db', this.name, '--output=json']);
    const { metadata, status } = JSON.parse(text) as { metadata: { generation: number }; status?: DatabaseStatus };
    return { ...status, generation: metadata.generation };
  }

  /** A condition, as `status reason: message`; empty when there is none. */
  async condition(wanted: string): Promise<string> {
    const { conditions = [] } = await this.status();
    const found = conditions.find(({ type }) => type === wanted);
    return found ? `${found.status} ${found.reason}: ${found.message}` : '';
  }

  /** Waits until a condition reads as expected. */
  async untilCondition(type: string, expected: RegExp): Promise<string> {
    return until(
      () => this.condition(type),
      (text) => expected.test(text),
      SETTLED_MS,
    );
  }

  /** Waits until the Database is as was asked for, with nothing under way. */
  async untilSettled(): Promise<DatabaseStatus> {
    return until(
      () => this.status(),
      ({ observedGeneration, generation, conditions = [] }) => {
        const is = (type: string): string | undefined => conditions.find((one) => one.type === type)?.status;
        return observedGeneration === generation && is('Ready') === 'True' && is('Reconciling') === 'False';
      },
      SETTLED_MS,
    );
  }

  /** Waits until Patroni counts on every standby: it lets no other take over, and does so some seconds after they follow. */
  async untilInStep(): Promise<void> {
    const { replicas = 1 } = await this.untilSettled();
    await until(
      () => this.field(`configmap/${this.name}-sync`, 'metadata.annotations.sync_standby'),
      (standbys) => standbys.split(',').length === replicas - 1,
      SETTLED_MS,
    );
  }

  /** Waits until the Database is no more. */
  async untilGone(): Promise<void> {
    await until(
      () => this.field(`db/${this.name}`, 'metadata.name'),
      (name) => name === '',
      SETTLED_MS,
    );
  }

  /** All names of objects of these kinds that belong to the Database. */
  async owned(kinds: string): Promise<string[]> {
    return (await this.lines('get', kinds, `--selector=db.example.com/database=${this.name}`, '--output=name')).sort();
  }

  /** The members' pods, by ordinal. */
  async pods(): Promise<MemberPod[]> {
    const selector = `--selector=db.example.com/database=${this.name},app.kubernetes.io/component=database`;
    const text = await this.kubectl.run(['get', 'pods', selector, '--output=json']);
    return (JSON.parse(text) as { items: unknown[] }).items.map(readPod);
  }

  /** The events about the Database that came, or came again, after a time: in the order of their last times, as `Reason: note`. */
  async events(since = new Date(0)): Promise<string[]> {
    const text = await this.kubectl.run(['get', 'events.events.k8s.io', '--output=json']);
    interface Event {
      readonly reason: string;
      readonly note: string;
      readonly eventTime: string;
      readonly series?: { readonly lastObservedTime: string };
      readonly regarding: { readonly kind: string; readonly name: string };
    }
    const lastOf = ({ eventTime, series }: Event): string => series?.lastObservedTime ?? eventTime;
    return (JSON.parse(text) as { items: Event[] }).items
      .filter(({ regarding }) => regarding.kind === 'Database' && regarding.name === this.name)
      .filter((event) => lastOf(event) > since.toISOString())
      .toSorted((a, b) => (lastOf(a) < lastOf(b) ? -1 : 1))
      .map(({ reason, note }) => `${reason}: ${note}`);
  }

  /** One key of a Secret of the Database. */
  async secret(suffix: string, key: string): Promise<string> {
    const value = await this.field(`secret/${this.name}-${suffix}`, `data.${key.replaceAll('.', '\\.')}`);
    return Buffer.from(value, 'base64').toString();
  }

  /** SQL on the primary as its superuser. */
  async onPrimary(text: string): Promise<string> {
    const { primary = '' } = await this.status();
    return (await this.kubectl.sql(primary, text)).trim();
  }

  /** SQL of the application, with its password of now unless another is given. */
  async asApplication(sql: string, password?: string): Promise<string> {
    await untilReached(this);
    return askPrimary(this, sql, password ?? (await this.secret('app', 'password')));
  }
}
