import type { IncomingMessage } from 'node:http';
import type { WatchEvent, WatchHandle, WatchHandlers, WatchOptions } from './api.ts';
import { ApiError, TOO_LARGE } from './api.ts';
import type { Resource } from './objects.ts';
import { collectionPath, formOf, queryOf, selectors } from './paths.ts';
import type { Transport } from './transport.ts';
import { MOST_BYTES, TooLarge, reasonOf, retryAfterIn } from './transport.ts';

const GONE = 410;

/** A refusal: its status says enough, and the body may never end. */
function refused(what: string, { statusCode: code = 0, headers }: IncomingMessage): ApiError {
  const reason = code === GONE ? 'Expired' : 'Refused';
  return new ApiError({ code, reason, retryAfterSeconds: retryAfterIn(headers) }, `${what}: HTTP status ${code}`);
}

const LINE_END = 0x0a;

/**
 * The whole lines of an answer as they come; what a connection leaves unfinished is none. Of a line that has not ended
 * nothing lies in the heap: a dozen watches may each be in the middle of a large object.
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

/** Why a watch ended that could not be read. */
function broken(what: string, error: unknown): ApiError {
  // The same version would give the same line: a list goes past it.
  const failure = error instanceof TooLarge ? { code: TOO_LARGE, reason: 'TooLarge' } : { code: 0, reason: 'NoAnswer' };
  return new ApiError(failure, `${what}: ${reasonOf(error)}`, { cause: error });
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
      // What a listener throws ends this watch as a failure: it is begun again.
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
