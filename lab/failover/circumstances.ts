import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Circumstances } from './results.ts';
import { VARIANTS } from './variants.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

function commit(): string {
  const differs = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${differs ? '+' : ''}`;
}

function machine(): Record<string, string | number> {
  return {
    processors: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** The circumstances of the next measurement. */
export function circumstances(
  { variant, build, settings, versions }: Pick<Circumstances, 'variant' | 'build' | 'settings' | 'versions'>,
  what: string,
): Circumstances {
  const at = new Date().toISOString();
  return {
    id: `${at.replace(/[-:]|\..*/g, '')}-${what}-${variant}`,
    ...{ at, variant, build, settings, versions },
    commit: commit(),
    controller: VARIANTS[variant].controller,
    machine: machine(),
  };
}
