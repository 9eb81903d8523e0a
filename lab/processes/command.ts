import { execFile } from 'node:child_process';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Something outside of this program did not do as it was told; the message says all that is known. */
export class Failed extends Error {}

/** Runs a command and gives what it printed; throws with what it complained of when it fails. */
export function run([program, ...args]: Command, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new Failed(`${[program, ...args].join(' ')}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    // Who does not read its input may be gone before it is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs a command whose failure says only that there was nothing to do. */
export async function attempt(command: Command): Promise<boolean> {
  return run(command).then(
    () => true,
    () => false,
  );
}
