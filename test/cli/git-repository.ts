import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './run.ts';
import { folderWith, writeFiles } from './run.ts';

const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];

/** Runs git in a folder, independent of the developer's settings. */
export function git(folder: string, ...args: string[]): void {
  execFileSync('git', ['-C', folder, ...IDENTITY, ...args], {
    stdio: 'pipe',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
}

/** Makes a git repository with these files in its first commit, in a new temporary folder. */
export function repositoryWith(files: Files): string {
  const folder = folderWith(files);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  return folder;
}

/** Changes the working tree: removes files with an undefined text, and writes the others. */
export function change(folder: string, files: Readonly<Record<string, string | undefined>>): void {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(folder, name), { recursive: true });
    else writeFiles(folder, { [name]: content });
  }
}
