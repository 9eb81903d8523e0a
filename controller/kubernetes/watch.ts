import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { RequestContext } from '@kubernetes/client-node/dist/gen/index.js';
import { Watch } from '@kubernetes/client-node/dist/watch.js';
import { ApiError } from './api.ts';
import type { WatchEvent, WatchHandle, WatchHandlers, WatchOptions } from './api.ts';
import type { Resource } from './objects.ts';
import { collectionPath, selectors } from './paths.ts';

type Dispatcher = ReturnType<RequestContext['getDispatcher']>;

/** The longest that a timer takes. */
const NEVER_MS = 2 ** 31 - 1;

/** The kubeconfig, telling of the connections that it opens. */
function observed(config: KubeConfig, onDispatcher: (dispatcher: Dispatcher) => void): KubeConfig {
  const applySecurityAuthentication = async (context: RequestContext): Promise<void> => {
    await config.applySecurityAuthentication(context);
    onDispatcher(context.getDispatcher());
  };
  return Object.create(config, { applySecurityAuthentication: { value: applySecurityAuthentication } }) as KubeConfig;
}

function failureOf(resource: Resource, error: unknown): ApiError | undefined {
  if (error === null || error === undefined) return undefined;
  const code = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0;
  const why = error instanceof Error ? error.message : 'unknown failure';
  // undici tells what happened to a connection in the cause.
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const reason = code === 0 ? 'NoAnswer' : code === 410 ? 'Expired' : 'Refused';
  return new ApiError({ code, reason }, `watch of ${resource.plural}: ${why}${cause}`, { cause: error });
}

/**
 * A watch by client-node's Watch. What that leaves open is closed here: a watch can be stopped before the API server
 * answered; each has connections of its own, which end with it; an exception of the handler is not swallowed.
 */
class RunningWatch implements WatchHandle {
  readonly #handlers: WatchHandlers;
  #isOver = false;
  #dispatcher: Dispatcher;
  #controller: AbortController | undefined;

  constructor(handlers: WatchHandlers) {
    this.#handlers = handlers;
  }

  start(config: KubeConfig, resource: Resource, options: WatchOptions): void {
    const watch = new Watch(
      observed(config, (dispatcher) => {
        this.#dispatcher = dispatcher;
        if (this.#isOver) this.stop();
      }),
    );
    // Its own limit of 30 s without data is shorter than the time between two bookmarks, and has no setter.
    Reflect.set(watch, 'requestTimeoutMs', NEVER_MS);
    const { namespace, resourceVersion, timeoutSeconds } = options;
    const query = { ...selectors(options), resourceVersion, timeoutSeconds, allowWatchBookmarks: true };
    const done = (error: unknown): void => {
      if (this.#isOver) return;
      this.stop();
      this.#handlers.onEnd(failureOf(resource, error));
    };
    const hear = (type: string, object: WatchEvent['object']): void => {
      this.#hear({ type: type as WatchEvent['type'], object });
    };
    watch.watch(collectionPath(resource, namespace), query, hear, done).then((controller) => {
      this.#controller = controller;
      if (this.#isOver) this.stop();
    }, done);
  }

  stop(): void {
    this.#isOver = true;
    this.#controller?.abort();
    void this.#dispatcher?.destroy();
  }

  #hear(event: WatchEvent): void {
    if (this.#isOver) return;
    try {
      this.#handlers.onEvent(event);
    } catch (error) {
      // Watch takes every exception for a line that it could not parse.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** Starts a watch. */
export function startWatch(
  config: KubeConfig,
  resource: Resource,
  options: WatchOptions,
  handlers: WatchHandlers,
): WatchHandle {
  const running = new RunningWatch(handlers);
  running.start(config, resource, options);
  return running;
}
