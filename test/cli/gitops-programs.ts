import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findGitOpsProgram } from '../../lab/programs/gitops-programs.ts';
import { find } from '../../lab/programs/kubernetes-programs.ts';
import { orSkip } from '../or-skip.ts';

type Name = Parameters<typeof findGitOpsProgram>[0] | 'kubectl';

/** Programs in the first folder of PATH, and how to run one of them. */
export interface GitOpsPrograms {
  readonly variables: { readonly PATH: string };
  /** Runs a program in a folder, and returns what it prints. */
  readonly run: (folder: string, program: Name, ...args: string[]) => string;
}

/** Real programs for a `before` hook: a machine that cannot build them skips the suite, and says so. */
export async function gitOpsProgramsOrSkip(hook: Mocha.Context, ...names: readonly Name[]): Promise<GitOpsPrograms> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-programs-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  await orSkip(hook, async () => {
    for (const name of names) {
      symlinkSync(name === 'kubectl' ? await find('kubectl') : await findGitOpsProgram(name), join(folder, name));
    }
  });
  const variables = { PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) };
  const env = { ...process.env, ...variables };
  const run = (cwd: string, program: Name, ...args: string[]): string =>
    execFileSync(program, args, { cwd, env, stdio: 'pipe' }).toString();
  return { variables, run };
}
