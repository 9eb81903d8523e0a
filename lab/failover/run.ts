import type { Cluster, ClusterNode } from '../cluster/layout.ts';
import { nodeNamed } from '../cluster/layout.ts';
import { SERVICE_CLIENTS } from './attempt.ts';
import { Clients } from './clients.ts';
import { monotonic } from './clock.ts';
import type { RunningDatabase } from './database.ts';
import { synchronousStandby, waitForStandby } from './database.ts';
import { keepEvidence } from './evidence.ts';
import type { Fault, FaultName } from './faults.ts';
import { faultNamed } from './faults.ts';
import type { Happening } from './happenings.ts';
import type { Undo } from './inject.ts';
import { LogKeeper } from './logs.ts';
import type { Measured, Moments, Recording } from './measure.ts';
import { measure } from './measure.ts';
import type { MemberPod } from './pods.ts';
import { areWhole } from './pods.ts';
import type { Results } from './results.ts';
import { DATABASE, namespaceOf } from './variants.ts';
import { pause, waitFor, waitOrFail } from './wait.ts';

/** One fault on one Database. */
export interface Run {
  readonly id: string;
  readonly fault: FaultName;
  readonly cluster: Cluster;
  readonly database: RunningDatabase;
  readonly results: Results;
  readonly signal: AbortSignal;
}

const WARM_MS = 60_000;
const WARM_WRITES = 40;
/** Duration before the fault in which the machine's own noise is measured. */
const QUIET_MS = 5000;
const WHOLE_MS = 240_000;
const WRITING_MS = 120_000;
/** Members that look healthy may not have noticed the fault yet; after this time they have. */
const STEADY_MS = 5000;

type Watched = Run & { readonly clients: Clients };

const isWhole = ({ database, clients }: Watched): boolean =>
  areWhole(database.observer.pods, clients.latest, monotonic());

/** Whether the Service's clients have written recently. */
function write({ clients }: Watched): boolean {
  return SERVICE_CLIENTS.every((name) => clients.latest.get(name)?.acknowledged);
}

/** Waits until all members are and stay healthy; returns since when. */
async function waitForWhole(run: Watched, limitMs: number): Promise<number | undefined> {
  let since: number | undefined;
  const steady = await waitFor(
    () => {
      since = isWhole(run) ? (since ?? monotonic()) : undefined;
      return since !== undefined && monotonic() - since >= STEADY_MS;
    },
    limitMs,
    run.signal,
  );
  return steady ? since : undefined;
}

async function chooseVictim({ database }: Run, { hits }: Fault): Promise<MemberPod> {
  const { pods, primary } = database.observer;
  if (hits !== 'standby') return primary!;
  const synchronous = await synchronousStandby(database);
  return pods.find(({ name }) => name === synchronous) ?? pods.find((pod) => pod !== primary)!;
}

/** The node of the clients: one that the fault leaves alone. */
function clientNode({ cluster }: Run, victim: MemberPod): ClusterNode {
  return cluster.nodes.find(({ name }) => name !== victim.node)!;
}

async function startClients(run: Watched, fault: Fault): Promise<MemberPod> {
  const { cluster, clients, database, signal } = run;
  for (const node of cluster.nodes) clients.startWitness(node);
  const follow = (): void => {
    clients.follow(database.observer.pods);
  };
  database.observer.onPods(follow);
  follow();
  const complaint = 'the members were not healthy before the fault';
  await waitOrFail(() => isWhole(run), WARM_MS, { signal, complaint });
  if (!(await waitForStandby(database, WARM_MS, signal))) throw new Error('Patroni chose no synchronous standby');
  const victim = await chooseVictim(run, fault);
  const address = await database.kubectl.run([
    'get',
    'service',
    `${DATABASE}-primary`,
    '--output=jsonpath={.spec.clusterIP}',
  ]);
  clients.startAtService(clientNode(run, victim), address, [
    ...SERVICE_CLIENTS,
    ...(fault.load ? ['load' as const] : []),
  ]);
  const warm = (): boolean => write(run) && SERVICE_CLIENTS.every((name) => clients.acknowledged(name) >= WARM_WRITES);
  await waitOrFail(warm, WARM_MS, { signal, complaint: 'the clients did not write before the fault' });
  return victim;
}

type Note = (text: string) => void;

/** Causes the fault, waits, and undoes it; also when an error occurs meanwhile. */
async function breakAndMend(
  run: Watched,
  fault: Fault,
  victim: MemberPod,
  note: Note,
): Promise<Omit<Moments, 'begun'>> {
  const { cluster, database, signal } = run;
  const node = nodeNamed(cluster, victim.node ?? '');
  let undo: Undo | undefined;
  const broken = monotonic();
  let undone = broken;
  try {
    note(`${fault.title}: ${victim.name} on ${node.name}`);
    undo = await fault.begin({ cluster, kubectl: database.kubectl, victim, node });
    await pause(fault.lasts * 1000, signal);
  } finally {
    await undo?.();
  }
  if (fault.lasts > 0) {
    undone = monotonic();
    note(`the fault is over`);
  }
  const whole = await waitForWhole(run, WHOLE_MS);
  // Members may become healthy before the way to them works.
  await waitFor(() => write(run), WRITING_MS, signal);
  return { fault: broken, undone, end: monotonic(), ...(whole !== undefined && { whole }) };
}

/** The rows of a run on the primary; throws when no primary answers. */
async function readRows({ database, id }: Run): Promise<Set<string>> {
  const primary = database.observer.primary;
  if (!primary) throw new Error('no primary could be asked which writes it has');
  const query = `SELECT pg_is_in_recovery(); SELECT client || '/' || number FROM probe.writes WHERE run = '${id}'`;
  const [recovering, ...rows] = (await database.kubectl.sql(primary.name, query)).split('\n');
  if (recovering !== 'f') throw new Error(`${primary.name}, by its label the primary, is none`);
  return new Set(rows.filter(Boolean));
}

async function record(run: Watched, note: Note): Promise<Recording> {
  const fault = faultNamed(run.fault);
  const victim = await startClients(run, fault);
  const begun = monotonic();
  await pause(QUIET_MS, run.signal);
  const moments = { begun, ...(await breakAndMend(run, fault, victim, note)) };
  const failure = run.clients.failure();
  await run.clients.stop();
  if (failure !== undefined) throw new Error(failure);
  const rows = await readRows(run);
  const hit = fault.hits === 'primary' && victim.address !== undefined;
  return { moments, attempts: run.clients.attempts, rows, ...(hit && { victim: victim.address }) };
}

/** Measures one fault once: writes before, during and after it, and compares the acknowledged writes with the rows. */
export async function runFault(run: Run): Promise<Measured> {
  const { database, cluster, id } = run;
  const clients = new Clients(database, id);
  const logs = new LogKeeper(cluster, namespaceOf(database.variant), id);
  const begun = Date.now();
  const notes: Happening[] = [];
  const note = (text: string): number => notes.push({ wall: Date.now(), source: 'test', text });
  let recording: Recording | undefined;
  try {
    recording = await record({ ...run, clients }, note);
    return measure(recording);
  } finally {
    database.observer.onPods(undefined);
    await clients.stop();
    const seen = database.observer.happenings.filter(({ wall }) => wall >= begun);
    const evidence = {
      recording,
      attempts: clients.attempts,
      happenings: [...notes, ...seen],
      lines: logs.read(begun),
    };
    keepEvidence(run.results, id, evidence);
    logs.stop();
  }
}
