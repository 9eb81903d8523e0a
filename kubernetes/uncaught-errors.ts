import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { Metrics } from './metrics.ts';

/** A source of uncaught errors: Node's `process`. */
export interface UncaughtErrorSource {
  readonly on: (event: 'uncaughtException' | 'unhandledRejection', take: (error: unknown) => void) => unknown;
  readonly off: (event: 'uncaughtException' | 'unhandledRejection', take: (error: unknown) => void) => unknown;
}

/**
 * Logs and counts uncaught errors, such as those thrown from a library's timer, and keeps the process running: the process may lose its
 * memory at any time anyway, and a fault in one Database must not stop the others. Lease and liveness decide whether the process still
 * works. Returns a function that removes the handlers.
 */
export function logUncaughtErrors(
  process: UncaughtErrorSource,
  { log, metrics }: { log: Log; metrics: Pick<Metrics, 'strayed'> },
): () => void {
  const take = (error: unknown): void => {
    metrics.strayed();
    log.error(bugOf(error), 'an error belonged to nobody');
  };
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
  return () => {
    process.off('uncaughtException', take);
    process.off('unhandledRejection', take);
  };
}
