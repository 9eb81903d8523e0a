import { Command, CommanderError } from 'commander';
import { printableLine } from '../database/printable-line.ts';
import { Refused, isUsageError } from './errors.ts';
import { VERSION } from './version.ts';

/** Makes a program that reports wrong usage in one line. */
export function createProgram(name: string, description: string): Command {
  const tell = (text: string, write: (line: string) => void): void => {
    const line = text
      .replace(/^error: /, '')
      .trimEnd()
      .replaceAll('\n', ' ');
    write(`${name}: ${printableLine(line)}\n`);
  };
  return new Command(name)
    .description(description)
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: tell })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nExit codes: 0 fine, 1 something is refused, 2 wrong usage or a failure of a file.');
}

/** Reports a failure in one line. Any error other than wrong usage is reported as a bug of Ballast. */
function tellFailure(name: string, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isUsageError(error)) {
    process.stderr.write(`${name}: ${printableLine(error.message)}\n`);
    return 2;
  }
  if (error instanceof Refused) {
    for (const line of error.lines) process.stderr.write(`${name}: ${printableLine(line)}\n`);
    return 1;
  }
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${name}: this is a bug in Ballast, please report it: ${printableLine(reason)}\n`);
  if (process.env['BALLAST_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  return 2;
}

/** Runs the command of this process, and sets its exit code. */
export async function runProgram(program: Command): Promise<void> {
  // A reader such as head may close the pipe early; that is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = tellFailure(program.name(), error);
  }
}
