import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { checkoutsAbove, liesIn } from './git/checkout.ts';

/** The name that stands for the standard input. */
export const STDIN_NAME = 'stdin.yaml';

const folderOf = (real: string): string => (statSync(real).isDirectory() ? real : dirname(real));

/** The top of the work tree that a path lies in, as an absolute path without links; undefined when it lies in none. */
export function topOf(real: string): string | undefined {
  return checkoutsAbove(real).checkouts[0]?.top;
}

/**
 * The root of the tree that a path belongs to: the top of its work tree; without one the current folder, or, outside of
 * that, the path's own folder. Sources are named from it, wherever the program runs. The path must exist.
 */
function rootOf(path: string): string {
  const real = realpathSync(path);
  const here = process.cwd();
  return topOf(real) ?? (liesIn(here, real) ? here : folderOf(real));
}

/** The name of an existing path from the root of its tree, with slashes; empty for the root itself. */
export function sourceName(path: string): string {
  return relative(rootOf(path), realpathSync(path)).split(sep).join('/');
}

/** A path as a person would write it from here. */
function displayed(path: string): string {
  return relative(process.cwd(), path) || '.';
}

/**
 * The folders from a path upwards to the top of its work tree, nearest first. Outside of any work tree they are the path's own
 * folder and the current one.
 */
export function foldersAbove(path: string): string[] {
  if (!existsSync(path)) return ['.'];
  const real = realpathSync(path);
  const [own, top] = [folderOf(real), topOf(real)];
  if (top === undefined) return [statSync(path).isDirectory() ? path : dirname(path), '.'];
  const depth = own === top ? 0 : relative(top, own).split(sep).length;
  return Array.from({ length: depth + 1 }, (_, up) => displayed(resolve(own, ...Array<string>(up).fill('..'))));
}

/** Whether the name of a source lies under one of the paths of a run, which are names from the same root. */
export function isUnder(source: string, scopes: readonly string[]): boolean {
  return scopes.some((scope) => scope === '' || source === scope || source.startsWith(`${scope}/`));
}

/** The names of the paths of a run from their roots. */
export function scopesOf(paths: readonly string[]): string[] {
  return paths.map((path) => (path === '-' ? STDIN_NAME : sourceName(path)));
}
