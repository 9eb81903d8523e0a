import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { kubeconfigOf } from '../cluster/keys.ts';
import type { Cluster } from '../cluster/layout.ts';
import { startChild } from '../processes/child.ts';
import type { Subject } from './render.ts';
import { CLI, withSettings } from './render.ts';

/** A running controller. */
export interface Controller {
  /** Why it ended unexpectedly; undefined while it runs. */
  readonly ended: () => string | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Starts Ballast's controller beside the API server, for one namespace and in GitOps mode; its log is in the control
 * plane's folder.
 */
export function startController(cluster: Cluster, namespace: string, subject: Subject): Controller {
  const log = createWriteStream(join(cluster.control.folder, 'ballast-controller.log'), { flags: 'a' });
  const enter = ['nsenter', `--net=/run/netns/${cluster.control.namespace}`] as const;
  const kubeconfig = ['env', `KUBECONFIG=${kubeconfigOf(cluster, 'admin')}`, process.execPath, CLI, 'controller'];
  let finish: (() => void) | undefined;
  const stopped = new Promise<void>((resolve) => (finish = resolve));
  let ended: () => string | undefined = () => undefined;
  const done = withSettings(subject, async (settings) => {
    const flags = ['--settings', settings, '--lease-namespace', namespace, '--metrics-address', '127.0.0.1:18080'];
    const child = startChild([...enter, ...kubeconfig, '--namespace', namespace, ...flags], {
      onLine: (line) => log.write(`${line}\n`),
    });
    ended = () => child.ended();
    await stopped;
    await child.stop();
    log.end();
  });
  return {
    ended: () => ended(),
    stop: () => {
      finish?.();
      return done;
    },
  };
}
