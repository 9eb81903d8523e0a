import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './attempt.ts';
import { monotonic } from './clock.ts';
import type { Login, Target } from './sql-session.ts';
import { SqlSession } from './sql-session.ts';

/**
 * A client that writes until its standard input ends, and prints the outcome of each attempt as a line of JSON. It is a process of its
 * own because it runs in another network namespace. The first line of its input is its `ProbeOptions`; each further line is a `Target`
 * that replaces the previous one.
 */

/** Options of a client. */
export interface ProbeOptions {
  /**
   * `fresh` connects for each write; `session` keeps its connection until it breaks; `witness` does so too, asks a member for its role
   * first and writes only to a primary; `load` writes much without reporting.
   */
  readonly mode: 'fresh' | 'session' | 'witness' | 'load';
  /** Names the client in the rows it writes. */
  readonly client: string;
  /** Names the run in the rows it writes. */
  readonly run: string;
  readonly login: Login;
  /** Absent while unknown. */
  readonly target?: Target;
  /** Time from one attempt's start to the next one's, unless it takes longer. */
  readonly everyMs: number;
}

type Done = Partial<Pick<Attempt, 'server' | 'timeline' | 'recovering' | 'streaming'>> & { acknowledged: boolean };

function problemOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}

/** The action in an open session: the difference between the clients. */
const ACTIONS = {
  fresh: write,
  session: write,
  witness: async (session: SqlSession, options: ProbeOptions, number: number): Promise<Done> => {
    const look = await session.look();
    if (look.recovering) return { ...look, acknowledged: false };
    // A primary with hanging commits still counts as primary.
    const written = await write(session, options, number).catch((error: unknown) => {
      session.close();
      return { acknowledged: false, problem: problemOf(error) };
    });
    return { ...look, ...written };
  },
  load: async (session: SqlSession): Promise<Done> => {
    await session.load();
    return { acknowledged: false };
  },
};

async function write(session: SqlSession, { run, client }: ProbeOptions, number: number): Promise<Done> {
  return { ...(await session.write(run, client, number)), acknowledged: true };
}

let target: Target | undefined;
let session: SqlSession | undefined;

function drop(): void {
  session?.close();
  session = undefined;
}

async function attempt(options: ProbeOptions, number: number): Promise<Attempt | undefined> {
  if (!target) return undefined;
  const begun = { client: options.client, number, wall: Date.now(), start: monotonic() };
  const end = (): { end: number } => ({ end: monotonic() });
  try {
    session ??= await SqlSession.open(options.login, target);
    const done = await ACTIONS[options.mode](session, options, number);
    const all = { ...begun, ...end(), ...done };
    if (options.mode === 'fresh' || (done.recovering === false && !done.acknowledged)) drop();
    return all;
  } catch (error) {
    const all = { ...begun, ...end(), acknowledged: false, problem: problemOf(error) };
    drop();
    return all;
  }
}

async function probe(options: ProbeOptions): Promise<never> {
  target = options.target;
  for (let number = 1; ; number += 1) {
    const next = monotonic() + options.everyMs;
    const done = await attempt(options, number);
    if (done && options.mode !== 'load') process.stdout.write(`${JSON.stringify(done)}\n`);
    await sleep(Math.max(0, next - monotonic()));
  }
}

let begun = false;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (begun) {
      target = JSON.parse(line) as Target;
      drop();
    } else {
      begun = true;
      void probe(JSON.parse(line) as ProbeOptions);
    }
  })
  .on('close', () => process.exit(0));
