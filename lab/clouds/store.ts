import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failed } from '../processes/command.ts';
import { makeOwnFolder } from '../processes/own-folder.ts';
import type { Running } from '../processes/process.ts';
import { freePort, start } from '../processes/process.ts';
import { until } from '../processes/until.ts';

/** An emulator of a cloud's store on the loopback, behind TLS. */
export interface CloudStore {
  /** Host name of the store; it leads to the loopback. */
  readonly host: string;
  readonly port: number;
  /** The authority that its certificate is of, PEM. */
  readonly authority: string;
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;

/** A running emulator without TLS, and the folder that goes with it. */
export interface Emulator {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Starts an emulator and waits until it answers at all. */
export async function startEmulator(
  purpose: string,
  program: string,
  argumentsFor: (port: number, folder: string) => readonly string[],
): Promise<Emulator> {
  const folder = makeOwnFolder(purpose);
  const port = await freePort();
  const server: Running = start(program, argumentsFor(port, folder), join(folder, 'log'));
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const isUp = async (): Promise<boolean> => {
    const failure = server.failure();
    if (failure !== undefined) throw new Failed(failure);
    return fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  };
  try {
    await until(isUp, START_MS, `${purpose} does not answer`);
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
