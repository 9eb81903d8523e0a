import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A program's arguments, and how long it may take. */
interface Asked {
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

const LIMIT_MS = 120_000;

/** Runs a command that may be refused, and gives all that it said. */
export async function saidBy(
  [program, ...args]: readonly [string, ...string[]],
  { env, limitMs = LIMIT_MS }: Asked = {},
): Promise<string> {
  const options = { timeout: limitMs, maxBuffer: 64 << 20, env: { ...process.env, ...env } };
  try {
    const { stdout, stderr } = await execute(program, args, options);
    return `${stdout}\n${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '', message = '' } = error as { stdout?: string; stderr?: string; message?: string };
    return `${stdout}\n${stderr || message}`;
  }
}
