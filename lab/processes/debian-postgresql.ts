import { chownSync, existsSync, readdirSync } from 'node:fs';

const ALL = '/usr/lib/postgresql';
/** An unprivileged user: PostgreSQL refuses to run as root. */
const USER = 65534;
const isRoot = process.getuid?.() === 0;

/** The folder of the programs of Debian's newest PostgreSQL; undefined when none is installed. */
export function postgresqlPrograms(): string | undefined {
  const versions = existsSync(ALL) ? readdirSync(ALL).map(Number) : [];
  const [newest] = versions.filter((one) => existsSync(`${ALL}/${one}/bin/initdb`)).sort((a, b) => b - a);
  return newest === undefined ? undefined : `${ALL}/${newest}/bin`;
}

/** A command as the user that PostgreSQL runs as: the program, and its arguments. It ends with this process. */
export function asPostgres(command: readonly string[]): [string, string[]] {
  const ids = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];
  const whole = isRoot ? ['setpriv', ...ids, '--pdeathsig', 'KILL', ...command] : command;
  return [whole[0] ?? '', whole.slice(1)];
}

/** Gives a file or folder to that user. */
export function giveToPostgres(path: string): void {
  if (isRoot) chownSync(path, USER, USER);
}
