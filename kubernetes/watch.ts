import type { IncomingMessage } from 'node:http';
import type { WatchEvent, WatchHandle, WatchHandlers, WatchOptions } from './api.ts';
import { ApiError, TOO_LARGE } from './api.ts';
import type { Resource } from './objects.ts';
import { collectionPath, formOf, queryOf, selectors } from './paths.ts';
import type { Transport } from './transport.ts';
import { MOST_BYTES, TooLarge, reasonOf, retryAfterIn } from './transport.ts';

const GONE = 410;

/** Turns a refusal into an error; its status is enough, and its body may never end. */
function refused(what: string, { statusCode: code = 0, headers }: IncomingMessage): ApiError {
  const reason = code === GONE ? 'Expired' : 'Refused';
  return new ApiError({ code, reason, retryAfterSeconds: retryAfterIn(headers) }, `${what}: HTTP status ${code}`);
}

const LINE_END = 0x0a;

/**
 * Yields the complete lines of an answer as they arrive; drops an unfinished last line. An incomplete line stays outside the JavaScript
 * heap: a dozen watches may each be in the middle of a large object.
 */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    let rest = part as Buffer;
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      begun.push(rest.subarray(0, end));
      yield Buffer.concat(begun).toString('utf8');
      [begun, bytes, rest] = [[], 0, rest.subarray(end + 1)];
    }
    begun.push(rest);
    bytes += rest.length;
    if (bytes > MOST_BYTES) throw new TooLarge(`a line has more than ${MOST_BYTES} bytes`);
  }
}

/** Turns a read failure of a watch into an error. */
function broken(what: string, error: unknown): ApiError {
  // The same version would give the same line, so the watch must restart from a list.
  const failure = error instanceof TooLarge ? { code: TOO_LARGE, reason: 'TooLarge' } : { code: 0, reason: 'NoAnswer' };
  return new ApiError(failure, `${what}: ${reasonOf(error)}`, { cause: error });
}

/** A running watch: one answer with one event per line, on a connection of its own. */
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
      const form = formOf(options, 'watch');
      const response = await transport.open(pathOf(resource, options), this.#end.signal, form);
      if (response.statusCode === 200) await this.#listen(response);
      else failure = refused(what, response);
    } catch (error) {
      failure = broken(what, error);
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
      // An exception in a listener ends this watch as a failure; the watch is restarted.
      if (line !== '') this.#handlers.onEvent(JSON.parse(line) as WatchEvent);
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
