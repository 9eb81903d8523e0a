import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Run } from '../run.ts';
import { folderWith, plugin } from '../run.ts';

/** An answer of the fake kubectl to calls that begin with these arguments; the last one stays when others are used up. */
export interface Answer {
  readonly to: string;
  readonly stdout?: unknown;
  readonly stderr?: string;
  readonly code?: number;
}

/** A call of kubectl: its arguments, and its standard input. */
export interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

/** A program in place of kubectl: it writes each call down, and answers from a file. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const folder = __dirname;
const args = process.argv.slice(2);
const input = readFileSync(0, 'utf8');
const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\\n') : [];
appendFileSync(join(folder, 'calls'), JSON.stringify({ args, input }) + '\\n');
const line = args.join(' ');
const all = JSON.parse(readFileSync(join(folder, 'answers'), 'utf8')).filter(({ to }) => line.startsWith(to));
const before = calls.filter((call) => call !== '' && JSON.parse(call).args.join(' ').startsWith(all[0]?.to ?? '-')).length;
const answer = all[Math.min(before, all.length - 1)] ?? { stderr: 'error: the fake kubectl has no answer to ' + line, code: 9 };
process.stdout.write(typeof answer.stdout === 'string' ? answer.stdout : JSON.stringify(answer.stdout ?? {}));
process.stderr.write(answer.stderr ?? '');
process.exitCode = answer.code ?? 0;
`;

/** A fake kubectl: an environment with it first on the PATH, and the calls that it had. */
export function fakeKubectl(answers: readonly Answer[]): {
  readonly env: NodeJS.ProcessEnv & { readonly PATH: string };
  readonly calls: () => readonly Call[];
} {
  const own = folderWith({ kubectl: PROGRAM, answers: JSON.stringify(answers) });
  chmodSync(join(own, 'kubectl'), 0o755);
  const calls = (): Call[] => {
    const log = existsSync(join(own, 'calls')) ? readFileSync(join(own, 'calls'), 'utf8') : '';
    return log === ''
      ? []
      : log
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Call);
  };
  return { env: { ...process.env, PATH: `${own}${delimiter}${process.env['PATH'] ?? ''}` }, calls };
}

/** Runs `kubectl ballast` with a fake kubectl; returns the run, and the calls of kubectl. */
export async function withFakeKubectl(
  args: readonly string[],
  answers: readonly Answer[],
): Promise<Run & { readonly calls: readonly Call[] }> {
  const { env, calls } = fakeKubectl(answers);
  const run = await plugin(folderWith(), args, '', { PATH: env.PATH });
  return { ...run, calls: calls() };
}

/** Writes the given text when golden files are rewritten, and returns the text that should be there. */
export function golden(name: string, text: string): string {
  const file = join(import.meta.dirname, 'screens', `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  return existsSync(file) ? readFileSync(file, 'utf8') : `${file} is missing: UPDATE_GOLDEN=1 writes it`;
}
