import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../processes/command.ts';
import { argoEnvironment, ownFolder } from './servers.ts';

/** A plugin of Argo CD, to run beside its repository server. */
export interface Plugin {
  /** Its name, as it stands in the text. */
  readonly name: string;
  /** The text of its plugin.yaml. */
  readonly text: string;
  /** A folder with the program `ballast`, as the image of the plugin has it. */
  readonly programs: string;
}

/** How the server of a plugin is started, and where its files are. */
export interface PluginServer {
  readonly command: Command;
  /** The socket by which the repository server reaches it; there once it listens. */
  readonly socket: string;
  /** The folder in which it unpacks copies of repositories. */
  readonly work: string;
}

/** Writes what a plugin's server reads, and gives its command; the folder is that of the repository server `argo`. */
export function pluginServer(argo: string, folder: string, { name, text, programs }: Plugin): PluginServer {
  const config = ownFolder(folder, `config-${name}`);
  writeFileSync(join(config, 'plugin.yaml'), text);
  const above = ownFolder(folder, `work-${name}`);
  const socket = join(ownFolder(folder, 'plugins'), `${name}.sock`);
  // Of a server that was killed.
  rmSync(socket, { force: true });
  const own = [`ARGOCD_CMP_WORKDIR=${above}`, 'ARGOCD_BINARY_NAME=argocd-cmp-server'];
  const path = `PATH=${programs}:${process.env['PATH'] ?? ''}`;
  const command: Command = ['env', ...argoEnvironment(folder), ...own, path, argo, `--config-dir-path=${config}`];
  return { command, socket, work: join(above, '_cmp_server') };
}
