import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../programs/go-program.ts';
import { NoPrograms } from '../programs/kubernetes-programs.ts';
import { freePort } from '../processes/process.ts';
import { makeIssuer } from '../s3/issuer.ts';
import { startProxy } from '../s3/proxy.ts';
import type { CloudStore } from './store.ts';
import { startEmulator } from './store.ts';

/** An emulator of Azure Blob Storage with one account. Each account has a host of its own below that of the store. */
export interface AzureStore extends CloudStore {
  readonly account: string;
  readonly accountKey: string;
}

const run = promisify(execFile);
const PINNED = join(import.meta.dirname, '../programs/azurite');
const HOST = 'azure.test';

/** The main file of Azurite, which is installed once into the cache of programs, as its lock file has it. */
async function findAzurite(): Promise<string> {
  const key = createHash('sha256')
    .update(readFileSync(join(PINNED, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `azurite-${key}`);
  const main = (place: string): string => join(place, 'node_modules/azurite/dist/src/blob/main.js');
  if (existsSync(main(folder))) return main(folder);
  process.stderr.write('azurite: installing from npm, once (half a minute) …\n');
  const unfinished = `${folder}.${process.pid}.tmp`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await cp(PINNED, unfinished, { recursive: true });
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished });
    await rename(unfinished, folder);
    return main(folder);
  } catch (error) {
    throw new NoPrograms(`azurite could not be installed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Starts an emulator with an account without a container. */
export async function startAzureStore(): Promise<AzureStore> {
  const main = await findAzurite();
  const [account, accountKey] = ['acme', randomBytes(64).toString('base64')];
  const emulator = await startEmulator('azure', 'env', (port, folder) => [
    ...[`AZURITE_ACCOUNTS=${account}:${accountKey}`, process.execPath, main],
    ...['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', folder, '--silent', '--disableTelemetry'],
  ]);
  const issuer = await makeIssuer([HOST, `*.${HOST}`]);
  const proxy = await startProxy('127.0.0.1', await freePort(), emulator.port, await issuer.issue('same authority'));
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await emulator.stop();
  };
  return { host: HOST, port: proxy.port, authority: issuer.authority, account, accountKey, stop };
}
