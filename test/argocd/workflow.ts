import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT, folderWith } from '../cli/run.ts';

/** The example repository. */
export const EXAMPLE = join(ROOT, 'examples/gitops');

/** A step of a workflow. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The jobs of a workflow of GitHub. */
export interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly if?: string; readonly steps: readonly Step[] }>>;
}

/** Reads a YAML file of the example. */
export function exampleFile(path: string): unknown {
  return load(readFileSync(join(EXAMPLE, path), 'utf8'));
}

/** The text of a step's command. */
export function commandOf(workflow: Workflow, job: string, name: string): string {
  const step = workflow.jobs[job]?.steps.find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`${job} has no step "${name}" with a command`);
  return step.run;
}

/** A folder with the program `ballast`, and with a `gh` and a `curl` that write down how they were called. */
export function programs(): string {
  const folder = folderWith({});
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  write('ballast', `exec '${process.execPath}' '${join(ROOT, 'cli/main.ts')}' "$@"`);
  for (const name of ['gh', 'curl']) write(name, `{ printf '%s\\n' "$@"; cat; } > '${folder}/${name}.called'`);
  mkdirSync(join(folder, 'home'));
  return folder;
}

/** How a command of a workflow ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command as a forge does: by bash that stops at the first failure, in a checkout, with the variables that the forge gives. */
export function runCommand(
  command: string,
  { folder, path, variables }: { folder: string; path: string; variables: Readonly<Record<string, string>> },
): Ended {
  const env = {
    ...{ PATH: `${path}:${process.env['PATH'] ?? ''}`, HOME: join(path, 'home'), GIT_CONFIG_NOSYSTEM: '1' },
    ...variables,
  };
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
    ...{ cwd: folder, env, encoding: 'utf8', timeout: 60_000 },
    input: '',
  });
  return { code: status, output: stdout + stderr };
}
