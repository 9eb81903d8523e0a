import { readFileSync, writeFileSync } from 'node:fs';

/** A cluster takes 29 of these, and Linux gives all programs of root together 128. */
const INSTANCES = { file: '/proc/sys/fs/inotify/max_user_instances', wanted: 1024 } as const;

/**
 * Raises the one limit of the whole computer that several clusters would reach; the kernel has no sufficient limit per namespace. Reports
 * it, because the limit stays raised after the cluster's end.
 */
export function raiseLimits(say: (what: string) => void): void {
  const { file, wanted } = INSTANCES;
  const was = Number(readFileSync(file, 'utf8'));
  if (was >= wanted) return;
  writeFileSync(file, String(wanted));
  say(`fs.inotify.max_user_instances raised from ${was} to ${wanted}, until the computer starts again`);
}
