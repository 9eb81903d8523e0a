import { spawnSync } from 'node:child_process';
import type { Health } from '../../database/health.ts';

/** A script of a resource customization, and the object that it is run on. */
export interface Asked {
  readonly run: 'health' | 'discovery' | 'action';
  readonly script: string;
  readonly object: object;
}

/** What a script gave; `error` when it failed. */
export interface Answer {
  readonly health?: Health;
  /** The actions that were discovered, and whether each can be run now. */
  readonly actions?: Readonly<Record<string, boolean>>;
  /** The object as an action leaves it. */
  readonly object?: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } };
  readonly error?: string;
}

const MOST_BYTES = 1 << 30;

/** Runs scripts with Argo CD's own engine (lab/programs/argocd), and gives the answers in the same order. */
export function runLua(program: string, asked: readonly Asked[]): Answer[] {
  const input = asked.map((one) => `${JSON.stringify(one)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: MOST_BYTES });
  if (status !== 0) throw new Error(`the Lua engine failed: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);
}
