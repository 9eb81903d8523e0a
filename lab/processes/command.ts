import { execFile } from 'node:child_process';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** An external command failed; the message contains all details. */
export class Failed extends Error {}

/** Runs a command and returns its output; throws with its error messages when it fails. */
export function run([program, ...args]: Command, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new Failed(`${[program, ...args].join(' ')}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    // A program that does not read its input may end before the input is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs a command whose failure only means that there was nothing to do. */
export async function attempt(command: Command): Promise<boolean> {
  return run(command).then(
    () => true,
    () => false,
  );
}
