import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { requirePackages } from '../cluster/needs.ts';
import { run } from '../processes/command.ts';
import type { Running } from '../processes/process.ts';
import { freePort, start } from '../processes/process.ts';
import { until } from '../processes/until.ts';
import { findArgo, findManifestsClient } from '../programs/argo-programs.ts';
import type { Plugin } from './plugin.ts';
import { pluginServer } from './plugin.ts';
import { START_MS, argoEnvironment, cacheCommand, ownFolder } from './servers.ts';

/** A question for the manifests of an Application; the source is as in the Application. */
export interface ManifestsRequest {
  readonly name: string;
  /** The namespace of the destination. */
  readonly namespace?: string;
  readonly source: object;
  /** The annotation argocd.argoproj.io/manifest-generate-paths. */
  readonly generatePaths?: string;
}

/** What the repository server answers. */
export interface ManifestsAnswer {
  readonly manifests?: readonly string[];
  readonly sourceType?: string;
  /** What the Application shows as ComparisonError. */
  readonly error?: string;
  readonly seconds: number;
}

/** How a repository server is started. */
export interface RepositoryServerOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly plugins: readonly Plugin[];
  /** More variables of the repository server. */
  readonly variables?: Readonly<Record<string, string>>;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.end();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}

/** Argo CD's repository server with its cache and its plugins as processes, without a cluster. */
export class RepositoryServer {
  readonly #running: Running[] = [];
  readonly #options: RepositoryServerOptions;
  #argo = '';
  #client = '';
  #address = '';

  private constructor(options: RepositoryServerOptions) {
    this.#options = options;
  }

  /** Starts it; throws `NoPrograms` or `CannotRun` where that is impossible. */
  static async start(options: RepositoryServerOptions): Promise<RepositoryServer> {
    requirePackages({ 'redis-server': 'redis-server', git: 'git' });
    const made = new RepositoryServer(options);
    made.#argo = await findArgo();
    made.#client = await findManifestsClient();
    try {
      await made.#startAll();
    } catch (error) {
      await made.stop();
      throw error;
    }
    return made;
  }

  #folder(name: string): string {
    return ownFolder(this.#options.folder, name);
  }

  async #startAll(): Promise<void> {
    const { plugins, variables = {} } = this.#options;
    const [cache, port, metrics] = [await freePort(), await freePort(), await freePort()];
    this.#launch('redis', cacheCommand(cache));
    for (const plugin of plugins) await this.#startPlugin(plugin);
    const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    this.#launch('repositories', [
      ...(['env', ...argoEnvironment(this.#options.folder), this.#asks()] as const),
      ...[...given, 'ARGOCD_BINARY_NAME=argocd-repo-server', this.#argo],
      ...['--redis', `127.0.0.1:${cache}`, '--disable-tls', '--port', `${port}`, '--metrics-port', `${metrics}`],
    ]);
    await this.#until(() => answers(port));
    this.#address = `127.0.0.1:${port}`;
  }

  async #startPlugin(plugin: Plugin): Promise<void> {
    const { command, socket } = pluginServer(this.#argo, this.#options.folder, plugin);
    this.#launch(plugin.name, ['env', this.#asks(), ...command]);
    await this.#until(() => existsSync(socket));
  }

  /** The variable by which each server has a socket of its own for passwords. */
  #asks(): string {
    return `ARGOCD_ASK_PASS_SOCK=${join(this.#folder('home'), 'ask-pass.sock')}`;
  }

  #launch(name: string, [program, ...args]: readonly [string, ...string[]]): void {
    this.#running.push(start(program, args, join(this.#folder('logs'), `${name}.log`)));
  }

  async #until(isReady: () => boolean | Promise<boolean>): Promise<void> {
    const ready = async (): Promise<boolean> => {
      for (const one of this.#running) {
        const failure = one.failure();
        if (failure !== undefined) throw new Error(failure);
      }
      return isReady();
    };
    await until(ready, START_MS, `Argo CD's servers do not answer; see ${this.#folder('logs')}`);
  }

  /** Asks for the manifests of Applications, one after the other. */
  async ask(...requests: readonly ManifestsRequest[]): Promise<ManifestsAnswer[]> {
    const lines = requests.map((one) => `${JSON.stringify(one)}\n`).join('');
    const output = await run([this.#client, this.#address], lines);
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ManifestsAnswer);
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    for (const one of this.#running.reverse()) await one.stop();
  }
}
