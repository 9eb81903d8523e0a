import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from '../../kubernetes/connect.ts';
import { connectWith } from '../../kubernetes/connect.ts';
import { Answers } from './fake-api/answers.ts';
import type { Fault, Mishap, RecordedRequest } from './fake-api/faults.ts';
import { Faults } from './fake-api/faults.ts';
import { collectGarbage } from './fake-api/garbage.ts';
import type { Kind } from './fake-api/kinds.ts';
import { ALL_KINDS } from './fake-api/kinds.ts';
import { withMetadataOnly } from './fake-api/metadata-only.ts';
import { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { Pages } from './fake-api/pages.ts';
import type { RecordedWrite } from './fake-api/record.ts';
import { readRequest, writeOf } from './fake-api/record.ts';
import { Refused } from './fake-api/refused.ts';
import { refusal, send } from './fake-api/respond.ts';
import type { Route } from './fake-api/route.ts';
import { matcher } from './fake-api/selectors.ts';
import type { Entry } from './fake-api/storage.ts';
import { Stream } from './fake-api/stream.ts';

/** Deviations of a fake API server. */
export interface FakeOptions {
  readonly kinds?: readonly Kind[];
  /** Time between two bookmarks of a watch. */
  readonly bookmarkMs?: number;
  /** Deletes the dependents of deleted objects, as Kubernetes' garbage collector does. */
  readonly collectsGarbage?: boolean;
  /** Timeout of its connections' calls; short where tests suppress answers. */
  readonly timeoutMs?: number;
}

/** A connection to the fake, which identifies its client. */
export interface FakeConnection extends Connection {
  readonly client: string;
}

/**
 * An API server in this process, over real HTTP on the loopback, that records every request and every write, and fails on demand. It
 * admits all objects, and no controllers run: pods do not start by themselves.
 */
export class FakeApiServer extends ObjectsByHand {
  readonly faults = new Faults();
  readonly requests: RecordedRequest[] = [];
  readonly writes: RecordedWrite[] = [];
  readonly #options: FakeOptions;
  readonly #pages = new Pages(this.storage);
  readonly #answers = new Answers(this.storage, this.#pages);
  readonly #streams = new Map<Stream, string>();
  readonly #dead = new Set<string>();
  readonly #connections: Connection[] = [];
  readonly #hooks = new Map<number, (write: RecordedWrite) => void>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #answering: RecordedRequest | undefined;

  constructor(options: FakeOptions = {}) {
    super(options.kinds ?? ALL_KINDS);
    this.#options = options;
    this.storage.listen((entry) => {
      this.#record(entry);
      if (options.collectsGarbage && !entry.after)
        setImmediate(() => {
          collectGarbage(this.storage, this.kinds, entry);
        });
    });
  }

  /** Starts one. */
  static async start(options?: FakeOptions): Promise<FakeApiServer> {
    const fake = new FakeApiServer(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** A connection with this name; the name is the field manager of writes other than applies. */
  connect(name = 'controller'): FakeConnection {
    const client = `${name}-${this.#connections.length + 1}`;
    const config = new KubeConfig();
    const cluster = { name: 'fake', server: this.url, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: client, token: client });
    const { timeoutMs } = this.#options;
    const connection = connectWith(config, timeoutMs === undefined ? {} : { timeoutMs });
    this.#connections.push(connection);
    return Object.assign(connection, { client });
  }

  /** Simulates the death of a connection's process: its requests have no effect any more, and it receives nothing. */
  cutOff(client: string): void {
    this.#dead.add(client);
    for (const [stream, owner] of this.#streams) if (owner === client) stream.cut();
  }

  /** Calls back after the write of this number (1 is the next) took effect, before its answer. */
  afterWrite(number: number, call: (write: RecordedWrite) => void): void {
    this.#hooks.set(this.writes.length + number, call);
  }

  /** Kills the client at the write of this number: the write takes effect, but gets no answer. */
  crashAfterWrite(number: number): Promise<RecordedWrite> {
    return new Promise((resolve) => {
      this.afterWrite(number, (write) => {
        this.cutOff(write.request.client);
        resolve(write);
      });
    });
  }

  /** Lets requests fail; returns the function that ends the fault. */
  fault(when: Fault['when'], mishap: Mishap, times?: number): () => void {
    return this.faults.add({ when, mishap, ...(times !== undefined && { times }) });
  }

  /** Forgets the past: older watches and lists get the answer 410. */
  compact(): void {
    this.storage.compact();
    this.#pages.expire();
  }

  /** Ends all watches: in order, or by breaking their connections. */
  endWatches(how: 'in-order' | 'broken' = 'broken'): void {
    for (const stream of this.#streams.keys()) {
      if (how === 'broken') stream.cut();
      else stream.end();
    }
  }

  /** Sends a bookmark to all watches. */
  bookmark(): void {
    for (const stream of this.#streams.keys()) stream.bookmark();
  }

  get watches(): number {
    return this.#streams.size;
  }

  #record(entry: Entry): void {
    if (!this.#answering) return;
    const write = writeOf(this.writes.length + 1, entry, this.#answering);
    this.writes.push(write);
    this.#hooks.get(write.number)?.(write);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recorded, route } = await readRequest(request, this.requests.length + 1, this.kinds);
    if (this.#dead.has(recorded.client)) {
      response.destroy();
      return;
    }
    this.requests.push(recorded);
    const mishap = this.faults.take(recorded);
    if (mishap === 'never') return;
    if (mishap === 'drop-before') {
      response.destroy();
      return;
    }
    try {
      if (typeof mishap === 'object') throw refusal(mishap);
      if (!route) response.writeHead((recorded.code = 404)).end('404 page not found\n');
      else if (recorded.isWatch) this.#watch(route, recorded, response);
      else this.#answer(route, recorded, response, mishap);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      recorded.code = error.code;
      if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', error.retryAfterSeconds);
      send(response, error.code, error.status);
    }
  }

  #answer(route: Route, recorded: RecordedRequest, response: ServerResponse, mishap: Mishap | undefined): void {
    this.#answering = recorded;
    try {
      const { code, body } = this.#answers.answer(route, recorded);
      if (mishap === 'drop-after' || this.#dead.has(recorded.client)) {
        response.destroy();
        return;
      }
      recorded.code = code;
      send(response, code, recorded.isMetadataOnly ? withMetadataOnly(body) : body);
    } finally {
      this.#answering = undefined;
    }
  }

  #watch({ kind, namespace }: Route, recorded: RecordedRequest, response: ServerResponse): void {
    const { query } = recorded;
    const timeout = query.get('timeoutSeconds');
    const stream = new Stream(response, {
      storage: this.storage,
      kind,
      matches: matcher(namespace, query),
      resourceVersion: query.get('resourceVersion') ?? undefined,
      timeoutSeconds: timeout === null ? undefined : Number(timeout),
      isMetadataOnly: recorded.isMetadataOnly,
      bookmarkMs: this.#options.bookmarkMs ?? 1000,
      mishap: () => this.faults.events?.(recorded),
    });
    recorded.code = 200;
    this.#streams.set(stream, recorded.client);
    response.on('close', () => this.#streams.delete(stream));
    stream.start();
  }
}
