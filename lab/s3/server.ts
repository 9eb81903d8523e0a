import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failed } from '../processes/command.ts';
import { makeOwnFolder } from '../processes/own-folder.ts';
import { freePort, start } from '../processes/process.ts';
import { until } from '../processes/until.ts';
import { findS3Server } from './program.ts';
import type { Issuer } from './issuer.ts';
import { makeIssuer } from './issuer.ts';
import type { Proxy } from './proxy.ts';
import { startProxy } from './proxy.ts';

/** A pair of keys that opens the store. */
interface AccessKeys {
  readonly id: string;
  readonly secret: string;
}

/** A real S3 server on the loopback that lives as long as the tests. */
export interface S3Server extends Issuer {
  readonly keys: AccessKeys;
  /** Host name of the store, for path style; buckets have names below it, for virtual-host style. All lead to the loopback. */
  readonly host: string;
  /** What clients connect to, with TLS; faults are put here. */
  readonly proxy: Proxy;
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;

function serverArguments(folder: string, port: number, host: string, { id, secret }: AccessKeys): string[] {
  const [buckets = '', attributes, accounts] = ['buckets', 'attributes', 'accounts'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  });
  return [
    ...[
      `--access=${id}`,
      `--secret=${secret}`,
      `--port=127.0.0.1:${port}`,
      `--virtual-domain=${host}`,
      '--health=/health',
    ],
    // Without a folder for accounts, keys that nobody has are answered with another error than Amazon's.
    `--iam-dir=${accounts}`,
    // Not every file system has extended attributes.
    ...['posix', `--sidecar=${attributes}`, buckets],
  ];
}

/** Where a store listens, and the name that its clients use. */
export interface Place {
  readonly host: string;
  readonly address: string;
}

/** A name of those that are kept for tests (RFC 6761). */
const LOOPBACK: Place = { host: 's3.test', address: '127.0.0.1' };

/** Starts a store with these buckets, empty, and the proxy in front of it. */
export async function startS3Server(buckets: readonly string[], { host, address } = LOOPBACK): Promise<S3Server> {
  const [program, issuer] = [await findS3Server(), await makeIssuer([host, `*.${host}`])];
  const folder = makeOwnFolder('s3');
  const keys = { id: `AK${randomBytes(8).toString('hex')}`, secret: randomBytes(20).toString('hex') };
  const [behind, port] = [await freePort(), await freePort()];
  const server = start(program, serverArguments(folder, behind, host, keys), join(folder, 'server.log'));
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const bucket of buckets) mkdirSync(join(folder, 'buckets', bucket));
    const isUp = async (): Promise<boolean> => {
      const failure = server.failure();
      if (failure !== undefined) throw new Failed(failure);
      return fetch(`http://127.0.0.1:${behind}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    await until(isUp, START_MS, 'the S3 server does not answer');
    const proxy = await startProxy(address, port, behind, await issuer.issue('same authority'));
    const stopBoth = async (): Promise<void> => {
      await proxy.stop();
      await stop();
    };
    return { keys, host, proxy, ...issuer, stop: stopBoth };
  } catch (error) {
    await stop();
    throw error;
  }
}
