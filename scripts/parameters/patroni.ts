import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A setting of one major, as Patroni is asked about it. */
export type Question = readonly [major: number, name: string, value: string];

/**
 * Asks Patroni's own code which settings it copies into the server's configuration; it drops or replaces the others. `python` has the
 * packages patroni and psycopg2; `available` are the names that each major describes.
 */
export function patroniKeeps(
  python: string,
  available: Readonly<Record<string, readonly string[]>>,
  questions: readonly Question[],
): boolean[] {
  const input = [available, ...questions].map((line) => `${JSON.stringify(line)}\n`).join('');
  const script = join(import.meta.dirname, 'ask_patroni.py');
  const { stdout, stderr, status } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const answers = stdout.split('\n').slice(0, -1);
  if (status !== 0 || answers.length !== questions.length) throw new Error(`Patroni did not answer: ${stderr}`);
  return answers.map((answer) => answer === '+');
}
