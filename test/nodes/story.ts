import { expect } from 'chai';
import type { Settings } from '../../database/types.ts';
import { DatabaseUser } from './person.ts';
import type { ControllerProcess, Installation } from './installation.ts';
import { installationOrSkip } from './installation.ts';
import { cluster } from './suite.ts';
import { Writer } from './writer.ts';

type End = () => Promise<void>;

/** How a story differs from others. */
export interface StoryOptions {
  readonly namespace: string;
  /** Images that it needs beside PostgreSQL's. */
  readonly images?: readonly string[];
  /** Starts the controller where it is no process of the test, and gives what ends it. */
  readonly startController?: (installed: Installation) => Promise<End>;
  /** What else comes before the first case, and what ends it after the last. */
  readonly begin?: (installed: Installation, onEnd: (end: End) => void) => Promise<void> | void;
}

/** The controller of a story: a process, and after its end another one. */
class Controller {
  #installed: Installation | undefined;
  #process: ControllerProcess | undefined;

  /** Starts the first one, and gives what ends the last. */
  async begin(installed: Installation): Promise<End> {
    this.#installed = installed;
    await this.start();
    return () => this.stop();
  }

  /** Starts one, with the settings of the tests or others; resolves when it is elected. */
  async start(settings?: Settings): Promise<void> {
    if (!this.#installed) throw new Error('the story has not begun');
    this.#process = await this.#installed.startController(settings);
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  /** Kills it on the spot. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** Its log since its start, line by line. */
  get log(): readonly string[] {
    return this.#running.log;
  }

  /** Its metrics for Prometheus. */
  metrics(): Promise<string> {
    return this.#running.metrics();
  }

  get #running(): ControllerProcess {
    if (!this.#process) throw new Error('no controller runs');
    return this.#process;
  }
}

/** The shared state of a story's cases. */
export interface Story {
  /** The user of the Database `orders` in the story's namespace. */
  readonly user: DatabaseUser;
  readonly controller: Controller;
  /** Does something while an application writes all the time, and tells how it fared. Nothing acknowledged may be lost. */
  readonly whileWriting: <T>(what: string, work: (writer: Writer) => Promise<T>) => Promise<T>;
}

async function whileWriting<T>(user: DatabaseUser, what: string, work: (writer: Writer) => Promise<T>): Promise<T> {
  const writer = await Writer.start(cluster, user, what);
  try {
    const result = await work(writer);
    const { acknowledged, lost, gapSeconds } = await writer.stop();
    process.stdout.write(`        ${what}: ${acknowledged} writes, longest gap ${gapSeconds.toFixed(1)} s\n`);
    expect(lost).to.deep.equal([]);
    return result;
  } finally {
    await writer.end();
  }
}

/**
 * Begins a story before the first case of a suite, and ends it after the last: Ballast on real nodes, a namespace with a
 * client, and the controller. Where that cannot run the suite is skipped; mocha calls what comes after it all the same, so
 * only what was begun is ended, last things first.
 */
export function story({ namespace, images, startController, begin }: StoryOptions): Story {
  const user = new DatabaseUser(cluster, namespace, 'orders');
  const controller = new Controller();
  const ends: End[] = [];

  before(async function () {
    const installed = await installationOrSkip(this, images);
    ends.push(() => user.end());
    await user.begin();
    ends.push(await (startController ?? ((one) => controller.begin(one)))(installed));
    await begin?.(installed, (end) => ends.push(end));
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  return { user, controller, whileWriting: (what, work) => whileWriting(user, what, work) };
}
