import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../cluster/layout.ts';
import { runIn } from '../cluster/machine.ts';
import { logOf } from '../cluster/server.ts';
import { until } from '../processes/until.ts';

/** How long a server may take until it answers. */
export const START_MS = 60_000;

/** Waits until a server on a machine answers a page; throws with the name of its log when it does not. */
export async function untilAnswers(machine: Machine, server: string, url: string): Promise<void> {
  const answers = (): Promise<boolean> =>
    runIn(machine, ['busybox', 'wget', '-qO-', url]).then(
      () => true,
      () => false,
    );
  await until(answers, START_MS, `${server} does not answer; see ${logOf(machine, server)}`);
}

/** Makes a folder of a server's own, for nobody else, and gives its path. */
export function ownFolder(...path: readonly [string, ...string[]]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The arguments of the cache of Argo CD's servers, which keeps nothing on disk. */
export const cacheCommand = (port: number): readonly [string, ...string[]] => [
  ...(['redis-server', '--port', `${port}`] as const),
  ...['--save', '', '--bind', '127.0.0.1'],
];

/** The environment of Argo CD's servers that read repositories, with folders of their own below one. */
export function argoEnvironment(folder: string): string[] {
  return [
    'ARGOCD_GPG_ENABLED=false',
    ...[`ARGOCD_TLS_DATA_PATH=${ownFolder(folder, 'tls')}`, `ARGOCD_SSH_DATA_PATH=${ownFolder(folder, 'ssh')}`],
    `ARGOCD_PLUGINSOCKFILEPATH=${ownFolder(folder, 'plugins')}`,
    ...[`HOME=${ownFolder(folder, 'home')}`, `TMPDIR=${ownFolder(folder, 'tmp')}`],
  ];
}
