import { join } from 'node:path';
import type { Attempt } from '../../lab/failover/attempt.ts';
import type { Child } from '../../lab/processes/child.ts';
import { startChild } from '../../lab/processes/child.ts';
import { longestGap } from '../../lab/failover/gaps.ts';
import { settle } from '../../lab/failover/ledger.ts';
import type { ProbeOptions } from '../../lab/failover/probe.ts';
import type { DatabaseUser } from './person.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { until } from '../../lab/processes/until.ts';

const PROBE = join(import.meta.dirname, '../../lab/failover/probe.ts');
const EVERY_MS = 50;
const LIMIT_MS = 2000;
const FIRST_MS = 60_000;

const TABLE = `CREATE SCHEMA IF NOT EXISTS probe;
CREATE TABLE IF NOT EXISTS probe.writes (run text, client text, number int, PRIMARY KEY (run, client, number));`;

/** What became of an application's writes. */
export interface Written {
  readonly acknowledged: number;
  /** Acknowledged, and not there in the end. */
  readonly lost: readonly string[];
  /** Longest time between two acknowledgements, in seconds. */
  readonly gapSeconds: number;
}

/** An application that writes through NAME-primary all the time, in a session that it opens again when it breaks. */
export class Writer {
  readonly #user: DatabaseUser;
  readonly #run: string;
  readonly #attempts: Attempt[] = [];
  readonly #child: Child;

  private constructor(
    cluster: Cluster,
    user: DatabaseUser,
    options: Omit<ProbeOptions, 'mode' | 'client' | 'everyMs'>,
  ) {
    this.#user = user;
    this.#run = options.run;
    const enter = ['nsenter', `--net=/run/netns/${cluster.control.namespace}`] as const;
    this.#child = startChild([...enter, process.execPath, PROBE], {
      onLine: (line) => this.#attempts.push(JSON.parse(line) as Attempt),
    });
    const writing: ProbeOptions = { ...options, mode: 'session', client: 'session', everyMs: EVERY_MS };
    this.#child.send(JSON.stringify(writing));
  }

  /** Starts it with the application's password as it is now, and waits for its first acknowledged write. */
  static async start(cluster: Cluster, user: DatabaseUser, run: string): Promise<Writer> {
    await user.asApplication(TABLE);
    const host = await user.field(`service/${user.name}-primary`, 'spec.clusterIP');
    const writer = new Writer(cluster, user, {
      run,
      login: {
        ...{ user: 'app', database: 'app', limitMs: LIMIT_MS },
        password: await user.secret('app', 'password'),
        authority: await user.secret('tls', 'ca.crt'),
      },
      target: { host, certificateName: `${user.name}-primary.${user.namespace}.svc` },
    });
    await until(() => writer.#attempts.some(({ acknowledged }) => acknowledged), FIRST_MS, 'nothing can be written');
    return writer;
  }

  /** How many writes were acknowledged so far. */
  get acknowledged(): number {
    return this.#attempts.filter(({ acknowledged }) => acknowledged).length;
  }

  /** Ends it, if it has not ended. */
  end(): Promise<void> {
    return this.#child.stop();
  }

  /** Ends it, and reads the rows from the primary. */
  async stop(): Promise<Written> {
    const ended = this.#child.ended();
    if (ended !== undefined) throw new Error(ended);
    await this.end();
    const rows = await this.#user.onPrimary(
      `\\connect app\nSELECT client || '/' || number FROM probe.writes WHERE run = '${this.#run}'`,
    );
    const { acknowledged, lost } = settle(this.#attempts, new Set(rows.split('\n')));
    const gap = longestGap(this.#attempts, { from: 0, to: this.#attempts.at(-1)?.end ?? 0 });
    return { acknowledged, lost, gapSeconds: gap ? (gap.to - gap.from) / 1000 : Infinity };
  }
}
