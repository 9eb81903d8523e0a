import { join } from 'node:path';
import type { ClusterNode } from '../cluster/layout.ts';
import type { Attempt } from './attempt.ts';
import type { Child } from '../processes/child.ts';
import { startChild } from '../processes/child.ts';
import type { MemberPod } from './pods.ts';
import type { ProbeOptions } from './probe.ts';
import type { Target } from './sql-session.ts';
import { DATABASE, namespaceOf } from './variants.ts';
import type { RunningDatabase } from './database.ts';

const PROBE = join(import.meta.dirname, 'probe.ts');
const EVERY_MS = { fresh: 50, session: 50, load: 10, witness: 200 } as const;

/** All clients of a run on their nodes, with their attempts. */
export class Clients {
  readonly attempts: Attempt[] = [];
  /** The latest attempt of each client. */
  readonly latest = new Map<string, Attempt>();
  readonly #database: RunningDatabase;
  readonly #run: string;
  readonly #children: Child[] = [];
  readonly #witnesses = new Map<string, { readonly child: Child; told: string | undefined }>();

  constructor(database: RunningDatabase, run: string) {
    this.#database = database;
    this.#run = run;
  }

  /** Starts those that write through the primary's Service: on a node, as a pod of it would. */
  startAtService(node: ClusterNode, address: string, modes: readonly ('fresh' | 'session' | 'load')[]): void {
    const certificateName = `${DATABASE}-primary.${this.#namespace}.svc`;
    for (const mode of modes) this.#start(node, { mode, client: mode, target: { host: address, certificateName } });
  }

  /** Starts a client that writes directly to the member on its own node, whatever happens to the node's network. */
  startWitness(node: ClusterNode): void {
    const child = this.#start(node, { mode: 'witness', client: node.name });
    this.#witnesses.set(node.name, { child, told: undefined });
  }

  /** Tells the witnesses where the members are now. */
  follow(pods: readonly MemberPod[]): void {
    for (const { node = '', address, name } of pods) {
      const witness = this.#witnesses.get(node);
      if (!witness || address === undefined || witness.told === address) continue;
      witness.told = address;
      const certificateName = `${name}.${DATABASE}-pods.${this.#namespace}.svc`;
      witness.child.send(JSON.stringify({ host: address, certificateName } satisfies Target));
    }
  }

  /** How many writes of a client were acknowledged. */
  acknowledged(client: string): number {
    return this.attempts.filter((attempt) => attempt.client === client && attempt.acknowledged).length;
  }

  /** Why a client ended unexpectedly, if one did. */
  failure(): string | undefined {
    return this.#children.map((child) => child.ended()).find((text) => text !== undefined);
  }

  /** Ends them all. */
  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  get #namespace(): string {
    return namespaceOf(this.#database.variant);
  }

  #start(node: ClusterNode, who: Pick<ProbeOptions, 'mode' | 'client' | 'target'>): Child {
    const options = { ...who, run: this.#run, login: this.#database.login, everyMs: EVERY_MS[who.mode] };
    const child = startChild(['nsenter', `--net=/run/netns/${node.namespace}`, process.execPath, PROBE], {
      onLine: (line) => {
        const attempt = JSON.parse(line) as Attempt;
        this.attempts.push(attempt);
        this.latest.set(attempt.client, attempt);
      },
    });
    child.send(JSON.stringify(options satisfies ProbeOptions));
    this.#children.push(child);
    return child;
  }
}
