import { loadavg } from 'node:os';
import type { Cluster } from '../cluster/layout.ts';
import { startApiServer, startNode } from '../cluster/faults.ts';
import { circumstances } from './circumstances.ts';
import type { RunningDatabase } from './database.ts';
import { createDatabase, removeVariant } from './database.ts';
import { keepEvidence } from './evidence.ts';
import type { FaultName } from './faults.ts';
import { faultNamed } from './faults.ts';
import { LogKeeper } from './logs.ts';
import type { Measured } from './measure.ts';
import type { Subject } from './render.ts';
import { fingerprint, renderVariant } from './render.ts';
import type { Result, Results } from './results.ts';
import { runFault } from './run.ts';
import type { VariantName } from './variants.ts';
import { namespaceOf } from './variants.ts';
import { waitFor } from './wait.ts';

/** The plan of a session. */
export interface Plan {
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly results: Results;
  readonly faults: readonly FaultName[];
  readonly variants: readonly VariantName[];
  /** Number of measurements per fault and start, including those of earlier sessions. */
  readonly runs: number;
  /** Maximum load average of the machine before each run; waited for at most half an hour. */
  readonly calm: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Seconds of a run besides the fault itself: clients, quiet, recovery, reading the rows. */
const AROUND_RUN = 40;
const START = 25;
const CALM_MS = 1_800_000;

/** Approximate duration of a new plan in seconds. */
export function estimate({ faults, variants, runs }: Pick<Plan, 'faults' | 'variants' | 'runs'>): number {
  const round = faults.reduce((sum, name) => sum + faultNamed(name).lasts + AROUND_RUN, START);
  return round * variants.length * runs;
}

/** Repairs the machines, whatever state a fault left them in. */
async function repair(cluster: Cluster): Promise<void> {
  await startApiServer(cluster);
  for (const node of cluster.nodes) await startNode(cluster, node);
}

/** Repairs the remains of an earlier session that was killed. */
export async function mend(cluster: Cluster, variants: readonly VariantName[]): Promise<void> {
  await repair(cluster);
  for (const variant of variants) await removeVariant(cluster, variant);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A Database did not start, which has been reported already. */
class NotStarted extends Error {}

/** One round of faults on one variant, with a Database that is made for it. */
class Round {
  readonly #plan: Plan;
  readonly #variant: VariantName;
  readonly #number: number;
  readonly #build: string;
  #database: RunningDatabase | undefined;

  constructor(plan: Plan, which: { variant: VariantName; number: number; build: string }) {
    this.#plan = plan;
    this.#variant = which.variant;
    this.#number = which.number;
    this.#build = which.build;
  }

  async run(): Promise<void> {
    try {
      if (this.#lacks(({ kind }) => kind === 'start')) await this.#start();
      for (const fault of this.#plan.faults) {
        if (this.#lacks((result) => result.kind === 'fault' && result.fault === fault)) await this.#fault(fault);
      }
    } catch (error) {
      // Measurements that need this Database are skipped; other Databases may start.
      if (!(error instanceof NotStarted)) throw error;
    } finally {
      await this.#remove();
    }
  }

  #lacks(wanted: (result: Result) => boolean): boolean {
    const here = (result: Result): boolean => result.variant === this.#variant && result.build === this.#build;
    return this.#plan.results.read().filter((result) => here(result) && wanted(result)).length < this.#number;
  }

  async #start(): Promise<RunningDatabase> {
    const { cluster, subject, signal, results, say } = this.#plan;
    await this.#remove();
    await this.#calm();
    const begun = Date.now();
    const logs = new LogKeeper(cluster, namespaceOf(this.#variant), `start-${begun}`);
    try {
      const database = await createDatabase({ cluster, variant: this.#variant, subject, signal });
      this.#database = database;
      const about = circumstances(database, 'start');
      results.add({ ...about, kind: 'start', seconds: database.readySeconds });
      say(`${this.#variant}: three members ready after ${database.readySeconds} s`);
      const { happenings } = database.observer;
      keepEvidence(results, about.id, { recording: undefined, attempts: [], happenings, lines: logs.read(begun) });
      return database;
    } catch (error) {
      if (signal.aborted) throw error;
      const about = circumstances({ variant: this.#variant, build: this.#build, settings: {}, versions: {} }, 'start');
      results.add({ ...about, kind: 'start', problem: messageOf(error) });
      say(`${this.#variant}: not started: ${messageOf(error)}`);
      throw new NotStarted();
    } finally {
      logs.stop();
    }
  }

  async #calm(): Promise<void> {
    const { calm, signal, say } = this.#plan;
    const isCalm = (): boolean => (loadavg()[0] ?? 0) < calm;
    if (isCalm()) return;
    say(`waiting for a load average below ${calm}`);
    await waitFor(isCalm, CALM_MS, signal);
  }

  async #remove(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    await database?.remove();
  }

  async #fault(fault: FaultName): Promise<void> {
    const { cluster, results, signal, say } = this.#plan;
    const database = this.#database ?? (await this.#start());
    await this.#calm();
    const about = circumstances(database, fault);
    say(`${this.#variant}: ${fault}, run ${this.#number} of ${this.#plan.runs}`);
    try {
      const measured = await runFault({ id: about.id, fault, cluster, database, results, signal });
      results.add({ ...about, kind: 'fault', fault, measured });
      say(`  ${inShort(measured)}`);
      if (measured.wholeAfter === undefined) await this.#remove();
    } catch (error) {
      await repair(cluster);
      // An interrupted run has no result.
      if (signal.aborted) throw error;
      results.add({ ...about, kind: 'fault', fault, problem: messageOf(error) });
      say(`  not measured: ${messageOf(error)}`);
      await this.#remove();
    }
  }
}

function inShort({ gaps, lost, lostDirectly, acknowledging, primaries, wholeAfter }: Measured): string {
  const gap = (name: 'fresh' | 'session'): string => `${gaps[name].open ? '> ' : ''}${gaps[name].seconds.toFixed(1)} s`;
  const whole = wholeAfter === undefined ? 'never whole' : `whole after ${wholeAfter.toFixed(1)} s`;
  return (
    `gap ${gap('fresh')} (session ${gap('session')}), lost ${lost} (directly ${lostDirectly}), ` +
    `primaries ${acknowledging} (by their word ${primaries}), ${whole}`
  );
}

/** Measures everything that is missing, in rounds over all variants, so that a disturbance affects all of them. */
export async function measureAll(plan: Plan): Promise<void> {
  for (let number = 1; number <= plan.runs; number += 1) {
    for (const variant of plan.variants) {
      const build = fingerprint(await renderVariant(variant, plan.subject), plan.subject);
      await new Round(plan, { variant, number, build }).run();
    }
  }
}
