import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findProgram } from '../../lab/programs/go-program.ts';

const ORACLE = {
  name: 'oracle',
  module: import.meta.dirname,
  package: '.',
  note: 'from the Go sources of Kubernetes, once (a few minutes)',
};

/** One question to the oracle; README.md lists the questions with their inputs and answers. */
export interface Question {
  readonly ask: 'cron' | 'timezone' | 'timezones' | 'quantity' | 'yaml' | 'load-crd' | 'cr' | 'object';
  readonly value?: string;
  readonly after?: string;
  readonly name?: string;
  readonly crd?: string;
  readonly subresource?: 'status';
  readonly object?: unknown;
  readonly oldObject?: unknown;
}

/** One problem that the API server finds; `message` is what kubectl prints after the field. */
export interface Problem {
  readonly field: string;
  readonly type: string;
  readonly detail: string;
  readonly message: string;
  readonly badValue?: unknown;
}

/** Every field that some answer has; which of them it has depends on the ask. */
export interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly panic?: string;
  /** cron: up to three fires, RFC 3339 in UTC; none when it never fires. */
  readonly next?: readonly string[];
  /** timezones: the accepted names, sorted. */
  readonly names?: readonly string[];
  /** quantity: the canonical text, the text that the API server gives back, and the value as a decimal number. */
  readonly canonical?: string;
  readonly stored?: string;
  readonly exact?: string;
  readonly format?: string;
  /** yaml: the JSON text. */
  readonly json?: string;
  /** load-crd, cr, object. */
  readonly errors?: readonly Problem[];
  readonly warnings?: readonly string[];
  readonly defaulted?: Readonly<Record<string, unknown>>;
}

/** A running oracle. Questions may be asked without waiting for earlier answers. */
export interface Oracle {
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

function talkTo(program: ChildProcessWithoutNullStreams): Oracle {
  // Answers come in the order of the questions.
  const waiting: Waiting[] = [];
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  createInterface({ input: program.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line) as Answer));
  program.stderr.pipe(process.stderr, { end: false });
  program.stdin.on('error', end);
  program.on('error', end);
  program.on('close', (code, signal) => {
    end(new Error(`the oracle ended (${signal ?? code})`));
  });
  return {
    ask: (question) =>
      new Promise<Answer>((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        waiting.push({ resolve, reject });
        program.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    stop: async () => {
      if (program.exitCode !== null || program.signalCode !== null) return;
      program.stdin.end();
      await once(program, 'close');
    },
  };
}

/** Starts the oracle, building it when it is not yet in the cache; gives the reason when that is impossible. */
export async function startOracle(): Promise<{ ok: true; oracle: Oracle } | { ok: false; reason: string }> {
  const built = await findProgram(ORACLE);
  if (!built.ok) return built;
  return { ok: true, oracle: talkTo(spawn(built.path, { stdio: 'pipe' })) };
}

/** The oracle for a `before` hook: a machine that cannot build it skips the suite, and says so. */
export async function oracleOrSkip(hook: Mocha.Context): Promise<Oracle> {
  // The first run on a machine builds it.
  hook.timeout(1_200_000);
  const started = await startOracle();
  if (started.ok) return started.oracle;
  process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: ${started.reason}\n`);
  return hook.skip();
}
