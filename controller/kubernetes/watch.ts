import type { IncomingMessage } from 'node:http';
import type { WatchEvent, WatchHandle, WatchHandlers, WatchOptions } from './api.ts';
import { ApiError } from './api.ts';
import type { Resource } from './objects.ts';
import { collectionPath, queryOf, selectors } from './paths.ts';
import type { Transport } from './transport.ts';
import { retryAfterIn } from './transport.ts';

const GONE = 410;

/** A refusal: its status says enough, and the body may never end. */
function refused(what: string, { statusCode: code = 0, headers }: IncomingMessage): ApiError {
  const reason = code === GONE ? 'Expired' : 'Refused';
  return new ApiError({ code, reason, retryAfterSeconds: retryAfterIn(headers) }, `${what}: HTTP status ${code}`);
}

/** The whole lines of an answer as they come; what a connection leaves unfinished is none. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let begun = '';
  for await (const part of response) {
    const [first = '', ...others] = (part as string).split('\n');
    begun += first;
    for (const next of others) {
      yield begun;
      begun = next;
    }
  }
}

/** A watch: one answer, an event a line. It has a connection of its own, which ends with it. */
class RunningWatch implements WatchHandle {
  readonly #handlers: WatchHandlers;
  readonly #end = new AbortController();

  constructor(handlers: WatchHandlers) {
    this.#handlers = handlers;
  }

  async run(transport: Transport, resource: Resource, options: WatchOptions): Promise<void> {
    const what = `watch of ${resource.plural}`;
    let failure: ApiError | undefined;
    try {
      const response = await transport.open(pathOf(resource, options), this.#end.signal);
      if (response.statusCode === 200) await this.#listen(response);
      else failure = refused(what, response);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown failure';
      failure = new ApiError({ code: 0, reason: 'NoAnswer' }, `${what}: ${why}`, { cause: error });
    }
    if (this.#end.signal.aborted) return;
    this.stop();
    this.#handlers.onEnd(failure);
  }

  stop(): void {
    this.#end.abort();
  }

  async #listen(response: IncomingMessage): Promise<void> {
    for await (const line of linesOf(response)) {
      if (this.#end.signal.aborted) return;
      if (line !== '') this.#hear(JSON.parse(line) as WatchEvent);
    }
  }

  #hear(event: WatchEvent): void {
    try {
      this.#handlers.onEvent(event);
    } catch (error) {
      // A bug of whoever listens is no failure of the watch.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function pathOf(resource: Resource, options: WatchOptions): string {
  const { namespace, resourceVersion, timeoutSeconds } = options;
  const how = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
  return `${collectionPath(resource, namespace)}${queryOf({ ...selectors(options), ...how })}`;
}

/** Starts a watch. */
export function startWatch(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
  handlers: WatchHandlers,
): WatchHandle {
  const running = new RunningWatch(handlers);
  void running.run(transport, resource, options);
  return running;
}
