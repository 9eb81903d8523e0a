import { createInterface } from 'node:readline/promises';
import { describeProblem, formatPath } from '../../../database/finding.ts';
import type { Json } from '../../../database/json.ts';
import { printableLine } from '../../../database/printable-line.ts';
import { API_VERSION } from '../../../database/schema/common.ts';
import { emitYaml } from '../../../generator/emit.ts';
import { checkValue } from '../../../policies/check.ts';
import { Refused, UsageError } from '../../errors.ts';
import { readDatabase } from '../database.ts';
import type { Kubectl } from '../kubectl.ts';
import { runObject } from '../run-object.ts';
import { stampedName } from '../stamp.ts';

/** Options of `kubectl ballast restore`. */
export interface RestoreOptions {
  /** Name of the DatabaseBackup. */
  readonly backup?: string;
  /** The moment to go back to. */
  readonly to?: string;
  /** The name of the Database, instead of the question. */
  readonly yes?: string;
  /** Prints the object instead of making it. */
  readonly output?: 'yaml';
  readonly timeout: number;
}

type Restore = Readonly<Record<string, Json>> & {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
};

function restoreObject(
  database: { name: string; namespace: string },
  { backup, to }: RestoreOptions,
  now: Date,
): Restore {
  const { name, namespace } = database;
  return {
    apiVersion: API_VERSION,
    kind: 'DatabaseRestore',
    metadata: { name: stampedName(name, 'restore', now), namespace },
    spec: {
      databaseRef: { name },
      ...(backup !== undefined && { backupRef: { name: backup } }),
      ...(to !== undefined && { targetTime: to }),
      confirmOverwrite: name,
    },
  };
}

/** Refuses an object that breaks a rule, before anyone is asked. */
function refuseWrong(object: Restore, now: Date): void {
  const checked = checkValue(object, { now, namespace: object.metadata.namespace });
  const errors = (checked.is === 'ours' ? checked.findings : []).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new Refused(
    errors.map((error) =>
      printableLine(`${formatPath(error.path)}: ${describeProblem(error)}; ${error.remedy} (${error.rule})`),
    ),
  );
}

/** Asks for the name of the Database, which says that its present data may be overwritten. */
async function confirm(name: string, what: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `the data of ${name} would be overwritten; confirm with --yes ${name}, or print the object for Git with -o yaml`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what}\nType the name of the Database to go on: `);
    if (answer !== name) throw new Refused(['nothing was done: that is not its name']);
  } finally {
    terminal.close();
  }
}

/** Puts a Database back to a backup or a moment, in place, once the user has confirmed it; or prints the object for Git. */
export async function restore(kubectl: Kubectl, name: string, options: RestoreOptions): Promise<number> {
  const { backup, to, yes, output, timeout } = options;
  if (backup === undefined && to === undefined)
    throw new UsageError('name what to restore: --backup NAME, --to TIME, or both');
  if (yes !== undefined && yes !== name) throw new UsageError(`--yes must repeat the name of the Database, ${name}`);
  const { metadata } = await readDatabase(kubectl, name);
  const now = new Date();
  const object = restoreObject(metadata, options, now);
  refuseWrong(object, now);
  if (output === 'yaml') {
    process.stdout.write(emitYaml(object));
    return 0;
  }
  if (yes === undefined) {
    await confirm(
      name,
      `All members of ${metadata.namespace}/${name} stop, and its data become those of ${[backup, to].filter((one) => one !== undefined).join(' and then ')}. The present data are backed up first.`,
    );
  }
  return runObject(kubectl, { object, seconds: timeout });
}
