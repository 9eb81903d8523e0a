import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { checkoutsAbove, liesIn } from './git/checkout.ts';

/** The name of the standard input. */
export const STDIN_NAME = 'stdin.yaml';

const folderOf = (real: string): string => (statSync(real).isDirectory() ? real : dirname(real));

/** The top of a path's work tree, as an absolute path without links; undefined outside of work trees. */
export function topOf(real: string): string | undefined {
  return checkoutsAbove(real).checkouts[0]?.top;
}

/**
 * The root of a path's tree: the top of its work tree; without one the current folder, or, for a path outside of that, the path's own
 * folder. Sources have names relative to it, whatever the current folder is. The path must exist.
 */
function rootOf(path: string): string {
  const real = realpathSync(path);
  const here = process.cwd();
  return topOf(real) ?? (liesIn(here, real) ? here : folderOf(real));
}

/** The name of an existing path relative to the root of its tree, with slashes; empty for the root itself. */
export function sourceName(path: string): string {
  return relative(rootOf(path), realpathSync(path)).split(sep).join('/');
}

/** A path as a user would type it from the current folder. */
function displayed(path: string): string {
  return relative(process.cwd(), path) || '.';
}

/**
 * The folders from a path upwards to the root of its tree, the nearest first. For a path outside of work trees and of the current folder:
 * its own folder and the current one.
 */
export function foldersAbove(path: string): string[] {
  if (!existsSync(path)) return ['.'];
  const real = realpathSync(path);
  const here = process.cwd();
  const [own, top] = [folderOf(real), topOf(real) ?? (liesIn(here, real) ? here : undefined)];
  if (top === undefined) return [statSync(path).isDirectory() ? path : dirname(path), '.'];
  const depth = own === top ? 0 : relative(top, own).split(sep).length;
  return Array.from({ length: depth + 1 }, (_, up) => displayed(resolve(own, ...Array<string>(up).fill('..'))));
}

/** Whether a source lies under one of a run's paths; all names are relative to the same root. */
export function isUnder(source: string, scopes: readonly string[]): boolean {
  return scopes.some((scope) => scope === '' || source === scope || source.startsWith(`${scope}/`));
}

/** The names of a run's paths relative to their roots. */
export function scopesOf(paths: readonly string[]): string[] {
  return paths.map((path) => (path === '-' ? STDIN_NAME : sourceName(path)));
}
